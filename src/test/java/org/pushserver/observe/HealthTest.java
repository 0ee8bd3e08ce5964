// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.dispatch.DisabledSection;
import org.pushserver.dispatch.Status;
import org.pushserver.events.Application;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;
import org.pushserver.sylk.SylkApplication;

class HealthTest {
  private static final Instant NOW = Instant.parse("2026-11-25T18:00:00Z");

  private static Status status(State state, String reason, Instant expiry) {
    AppKey key = new AppKey("com.example.phone", AppKey.APPLE);
    Application application =
        new Application(key, "phone", new SylkApplication(), Delivery.DEFAULT);
    return new Status(application, new Condition(state, reason), NOW.toEpochMilli(), expiry);
  }

  private static ConfigHealth config() {
    ConfigHealth config = new ConfigHealth(new ManualTime(NOW.toEpochMilli()));
    config.applied(List.of());
    return config;
  }

  private static Health health(Status... statuses) {
    return Health.of(
        List.of(statuses), List.of(), config(), null, null, null, null, false, NOW.toEpochMilli());
  }

  @Test
  void itTellsStateReasonAndSinceWhen() {
    assertEquals(
        "{\"version\":1,\"status\":\"unavailable\",\"applications\":[{\"app_id\":\"com.example.phone\","
            + "\"platform\":\"apple\",\"section\":\"phone\",\"state\":\"credentials_refused\","
            + "\"since\":\"2026-11-25T18:00:00Z\",\"reason\":\"InvalidProviderToken\","
            + "\"call_deadline\":64,\"message_deadline\":7200}],"
            + "\"disabled\":[],\"configuration\":{\"taken\":true,"
            + "\"in_use_since\":\"2026-11-25T18:00:00Z\",\"last_read\":\"2026-11-25T18:00:00Z\","
            + "\"problems\":[],\"problems_in_all\":0}}",
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
  void aSectionThatNothingRunsFromIsTold() {
    DisabledSection disabled =
        new DisabledSection(
            "phone", Optional.of(new AppKey("com.example.phone", AppKey.APPLE)), "apple_key: why");
    Health health =
        Health.of(
            List.of(),
            List.of(disabled, new DisabledSection("x", Optional.empty(), "app_id: it is missing")),
            config(),
            null,
            null,
            null,
            null,
            false,
            NOW.toEpochMilli());
    assertEquals(
        "[{\"section\":\"phone\",\"app_id\":\"com.example.phone\",\"platform\":\"apple\","
            + "\"reason\":\"apple_key: why\"},{\"section\":\"x\","
            + "\"reason\":\"app_id: it is missing\"}]",
        health.body().toJsonObject().getJsonArray("disabled").encode());
  }

  @Test
  void anEditThatWasNotTakenIsToldUntilOneIs() {
    ManualTime time = new ManualTime(NOW.toEpochMilli());
    ConfigHealth config = new ConfigHealth(time);
    config.applied(List.of());
    time.advance(Duration.ofSeconds(5));
    config.refused(
        List.of(
            new Problem(Severity.WARNING, "a.ini", "x", "colour", "unknown key"),
            new Problem(Severity.FATAL, "g.ini", "server", "host", "no address")));
    assertEquals(
        "{\"taken\":false,\"in_use_since\":\"2026-11-25T18:00:00Z\","
            + "\"last_read\":\"2026-11-25T18:00:05Z\",\"problems\":["
            + "\"fatal: g.ini [server] host: no address\",\"warning: a.ini [x] colour: unknown key\"],"
            + "\"problems_in_all\":2}",
        Health.of(List.of(), List.of(), config, null, null, null, null, false, 0)
            .body()
            .toJsonObject()
            .getJsonObject("configuration")
            .encode());
    assertEquals(1, config.count(Severity.FATAL));
    config.applied(List.of());
    assertEquals(true, config.isTaken());
    assertEquals(0, config.count(Severity.FATAL));
  }

  @Test
  void aServerThatStopsIsNotReady() {
    Status up = status(State.CONNECTED, "", null);
    Health health =
        Health.of(
            List.of(up), List.of(), config(), null, null, null, null, true, NOW.toEpochMilli());
    assertEquals(false, health.ready());
    assertEquals("stopping", health.body().toJsonObject().getString("status"));
  }
}
