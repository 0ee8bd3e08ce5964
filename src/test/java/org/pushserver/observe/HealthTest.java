// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.dispatch.Application;
import org.pushserver.dispatch.Status;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Delivery;
import org.pushserver.sylk.SylkApplication;

class HealthTest {
  private static final Instant NOW = Instant.parse("2026-11-25T18:00:00Z");

  private static Status status(State state, String reason, Instant expiry) {
    AppKey key = new AppKey("com.example.phone", AppKey.APPLE);
    Application application =
        new Application(key, "phone", new SylkApplication(), Delivery.DEFAULT);
    return new Status(application, new Condition(state, reason), NOW.toEpochMilli(), expiry);
  }

  private static Health health(Status... statuses) {
    return Health.of(List.of(statuses), false, NOW.toEpochMilli());
  }

  @Test
  void itTellsStateReasonAndSinceWhen() {
    assertEquals(
        "{\"status\":\"unavailable\",\"applications\":[{\"app_id\":\"com.example.phone\","
            + "\"platform\":\"apple\",\"section\":\"phone\",\"state\":\"credentials_refused\","
            + "\"since\":\"2026-11-25T18:00:00Z\",\"reason\":\"InvalidProviderToken\"}]}",
        health(status(State.REFUSED, "InvalidProviderToken", null)).body().toString());
  }

  @ParameterizedTest
  @CsvSource({"PT49H, 2", "PT48H, 2", "PT47H59M, 1", "PT1S, 0", "PT-1S, -1"})
  void itTellsHowManyWholeDaysCredentialsLast(Duration left, int days) {
    Health health = health(status(State.CONNECTED, "", NOW.plus(left)));
    assertEquals(
        days,
        health
            .body()
            .toJsonObject()
            .getJsonArray("applications")
            .getJsonObject(0)
            .getInteger("days_until_expiry"));
  }

  @Test
  void itIsReadyWhenOneApplicationCanSend() {
    Status down = status(State.CONNECTING, "connection refused", null);
    Status refused = status(State.REFUSED, "InvalidProviderToken", null);
    Status up = status(State.CONNECTED, "", null);
    assertEquals(true, health(down, up, refused).ready());
    assertEquals(false, health(down, refused).ready());
    assertEquals(false, health().ready());
  }

  @Test
  void aServerThatStopsIsNotReady() {
    Status up = status(State.CONNECTED, "", null);
    Health health = Health.of(List.of(up), true, NOW.toEpochMilli());
    assertEquals(false, health.ready());
    assertEquals("stopping", health.body().toJsonObject().getString("status"));
  }
}
