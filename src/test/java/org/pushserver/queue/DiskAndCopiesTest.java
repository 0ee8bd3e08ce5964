// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.spi.SamplePush;

/** A spool and copies at other servers, together. */
class DiskAndCopiesTest {
  private final HandStore disk = new HandStore(700);
  private final HandStore copies = new HandStore();
  private final DiskAndCopies store = new DiskAndCopies(disk, copies);
  private final Push push = SamplePush.of(Event.INCOMING_SESSION).callId("a").push();

  @Nested
  class AsAnyStore extends PushStoreTest.Contract {
    @Override
    PushStore store() {
      disk.atOnce();
      copies.atOnce();
      return store;
    }
  }

  @Test
  void aPromiseIsTheDisksAndNobodyWaitsForACopy() {
    Future<Void> kept = store.keep(push, false);
    assertFalse(kept.isComplete());
    disk.keepOne(0);
    assertTrue(kept.succeeded());
    assertEquals(1, copies.open());
  }

  @Test
  void whatTheDiskCannotKeepIsNotPromisedThoughThereIsACopyAndThatGoes() {
    disk.isBroken(true);
    assertTrue(store.keep(push, false).failed());
    assertEquals(List.of("a"), copies.held());
    assertTrue(store.ended(push.id()).isComplete());
    assertEquals(List.of(), copies.held());
  }

  @Test
  void aCopyThatCannotBeMadeHurtsNobody() {
    copies.isBroken(true);
    Future<Void> kept = store.keep(push, false);
    disk.keepOne(0);
    assertTrue(kept.succeeded());
  }

  @Test
  void whatIsAwaitedHasACopyAtOnceAndIsOnDiskWhenItTakesLong() {
    copies.atOnce();
    assertTrue(store.keep(push, true).isComplete());
    assertEquals(List.of(true), copies.awaited());
    assertEquals(List.of(), disk.kept());
    assertEquals(700, store.patienceMs());
    Future<Void> kept = store.keepLonger(new KeptPush(push));
    disk.keepOne(0);
    assertTrue(kept.succeeded());
    assertTrue(disk.isKept(push.id()));
  }

  @Test
  void bothKnowHowItStandsAndForgetIt() {
    disk.atOnce();
    copies.atOnce();
    assertTrue(store.keep(push, false).succeeded());
    store.changed(push.id(), 3, true);
    KeptPush now = new KeptPush(push, 3, true);
    assertEquals(List.of(now), disk.kept());
    disk.forgetByHand();
    copies.forgetByHand();
    Future<Void> ended = store.ended(push.id());
    assertFalse(ended.isComplete());
    disk.keepOne(0);
    assertTrue(ended.succeeded(), "an end is told when the disk has it");
    assertEquals(List.of(), disk.held());
    assertEquals(List.of(), copies.held());
  }

  @Test
  void whatIsLeftIsWhatTheDiskHas() {
    copies.lasts();
    assertFalse(store.isLasting());
    disk.lasts();
    assertTrue(store.isLasting());
    disk.leave(Future.succeededFuture(List.of(new KeptPush(push))));
    assertEquals(List.of(new KeptPush(push)), store.left(push.app()).result());
  }
}
