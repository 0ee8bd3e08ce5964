// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.SamplePush;

/** How an application stands with its push service, as the fleet tells it to any thread. */
class StatusTest {
  @RegisterExtension private final AppFixture app = AppFixture.started(0);
  private final ScriptedService service = app.service;

  private Status status() {
    List<Status> statuses = app.fleet.statuses();
    assertEquals(1, statuses.size());
    return statuses.get(0);
  }

  private void assertStatus(State state, String reason, long since) {
    assertEquals(new Condition(state, reason), status().condition());
    assertEquals(since, status().since());
  }

  @Test
  void itTellsTheStateAndSinceWhen() throws Exception {
    assertStatus(State.CONNECTING, "scripted", SamplePush.BORN);
    assertEquals("phone", status().application().section());
    app.advance(Duration.ofSeconds(3));
    service.window(5);
    app.settle();
    assertStatus(State.CONNECTED, "", SamplePush.BORN + 3_000);
  }

  @Test
  void anotherReasonForTheSameStateIsNoOtherState() throws Exception {
    service.refuse("InvalidProviderToken");
    app.settle();
    app.advance(Duration.ofSeconds(3));
    service.refuse("ExpiredProviderToken");
    app.settle();
    assertStatus(State.REFUSED, "ExpiredProviderToken", SamplePush.BORN);
  }

  @Test
  void aWindowThatChangesIsNoNews() throws Exception {
    service.window(5);
    app.settle();
    Status before = status();
    app.advance(Duration.ofSeconds(3));
    service.window(7);
    app.settle();
    assertSame(before, status());
  }

  @Test
  void afterAChangeItIsThatOfTheNewService() throws Exception {
    ScriptedService next = new ScriptedService(app.time);
    app.advance(Duration.ofSeconds(3));
    await(app.update(app.changed(next), Set.of()));
    app.settle();
    assertStatus(State.CONNECTED, "", SamplePush.BORN + 3_000);
  }

  @Test
  void aFleetThatClosesSaysSo() throws Exception {
    assertFalse(app.fleet.isClosing());
    await(app.fleet.close());
    assertTrue(app.fleet.isClosing());
  }
}
