// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushserver.cluster.Departures.Fate;
import org.pushserver.cluster.SignOfLife.Sign;
import org.pushserver.fake.ManualTime;

class DeparturesTest {
  private static final Node SELF = new Node("1", "a", "test");
  private static final Node OTHER = new Node("2", "b", "test");

  private final ManualTime time = new ManualTime();
  private Sign sign = Sign.GONE;
  private final Departures departures =
      new Departures(time, node -> Future.succeededFuture(sign), List.of(SELF));

  private void pass() {
    await(time.advance(Duration.ofSeconds(1)));
  }

  @Test
  void aServerThatWasNeverSeenHasEndedWhenItIsSeenSo() {
    Future<Fate> fate = departures.of(OTHER);

    assertFalse(fate.isComplete());
    pass();
    assertEquals(Fate.ENDED, await(fate));
  }

  @Test
  void aServerThatHasJustComeIsNotTakenForOneThatHasEnded() {
    Future<Fate> fate = departures.of(OTHER);
    departures.changed(List.of(SELF, OTHER));
    pass();

    assertEquals(Fate.BACK, await(fate));
    assertEquals(Fate.BACK, await(departures.of(OTHER)));
  }

  @Test
  void aServerThatWasNeverSeenAndServesIsLeftWhatItHas() {
    sign = Sign.ALIVE;
    Future<Fate> fate = departures.of(OTHER);
    pass();
    assertFalse(fate.isComplete());

    sign = Sign.NONE;
    pass();
    assertEquals(Fate.SILENT, await(fate));
  }

  @Test
  void ofAServerThatHasLeftItIsKnownForAWhileWhatHasBecomeOfIt() {
    departures.changed(List.of(SELF, OTHER));
    departures.changed(List.of(SELF));

    assertEquals(Fate.ENDED, await(departures.of(OTHER)));
  }
}
