// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JournalTest {
  @Test
  void onlyTheLastOnesAreKeptAndAllAreCounted() {
    Journal journal = new Journal(false);
    for (int i = 0; i < Journal.KEPT + 5; i++) {
      add(journal);
    }
    assertEquals(Journal.KEPT, journal.list().size());
    assertEquals(6, journal.list().get(0).seq());
    assertEquals(Journal.KEPT + 5, journal.accepted(Service.APNS));
  }

  @Test
  void whoWaitsGetsTheNextOne() {
    Journal journal = new Journal(false);
    add(journal);
    Future<Notification> there = journal.next(0);
    Future<Notification> later = journal.next(1);
    assertEquals(1, there.result().seq());
    assertFalse(later.isComplete());
    add(journal);
    assertEquals(2, later.result().seq());
  }

  @Test
  void whoIsForgottenIsToldNothing() {
    Journal journal = new Journal(false);
    Future<Notification> next = journal.next(0);
    journal.forget(next);
    add(journal);
    assertFalse(next.isComplete());
  }

  @Test
  void numbersGoOnAfterClearing() {
    Journal journal = new Journal(false);
    add(journal);
    journal.clear();
    assertEquals(0, journal.accepted(Service.APNS));
    add(journal);
    assertEquals(2, journal.list().get(0).seq());
  }

  @Test
  void aCountingJournalKeepsNothing() {
    Journal journal = new Journal(true);
    assertEquals(
        Optional.empty(),
        journal.add(
            Service.FCM,
            true,
            seq -> {
              throw new AssertionError("made");
            }));
    assertEquals(1, journal.accepted(Service.FCM));
    assertTrue(journal.next(0).failed());
  }

  private static void add(Journal journal) {
    Optional<Notification> added =
        journal.add(
            Service.APNS,
            true,
            seq ->
                new Notification(
                    seq,
                    Instant.EPOCH,
                    Service.APNS,
                    "apns-1",
                    "HTTP_2",
                    "/",
                    Map.of(),
                    "{}",
                    200,
                    ""));
    assertTrue(added.isPresent());
  }
}
