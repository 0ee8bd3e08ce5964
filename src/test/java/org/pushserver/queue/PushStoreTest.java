// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.spi.SamplePush;

/** What every store of pushes must do. */
class PushStoreTest {
  /** To be run by the test of each store. */
  abstract static class Contract {
    /** A store in which nothing was left. */
    abstract PushStore store();

    private final Push push = SamplePush.of(Event.INCOMING_SESSION).callId("a").push();

    @Test
    void aPushIsKeptWhetherItsCallerWaitsOrNot() throws Exception {
      PushStore store = store();
      for (boolean isAwaited : List.of(true, false)) {
        Future<Void> kept = store.keep(push, isAwaited);
        await(kept);
        assertTrue(kept.succeeded());
        await(store.ended(push.id()));
      }
    }

    @Test
    void whatEndedTwiceOrWasNeverKeptDisturbsNothing() throws Exception {
      PushStore store = store();
      await(store.ended(UUID.randomUUID()));
      Future<Void> kept = store.keep(push, false);
      Future<Void> ended = store.ended(push.id());
      await(store.ended(push.id()));
      await(ended);
      await(kept);
      await(store.keep(push, false));
    }

    @Test
    void whatThisProcessKeepsIsNotLeftByAFormerOne() throws Exception {
      PushStore store = store();
      await(store.keep(push, false));
      assertEquals(List.of(), await(store.left(push.app())));
      assertEquals(List.of(), await(store.left(push.app())));
    }
  }

  @Nested
  class InMemory extends Contract {
    @Override
    PushStore store() {
      return PushStore.IN_MEMORY;
    }

    @Test
    void nobodyWaitsForIt() {
      Push push = SamplePush.of(Event.MESSAGE).push();
      assertTrue(PushStore.IN_MEMORY.keep(push, false).succeeded());
      assertTrue(PushStore.IN_MEMORY.left(push.app()).succeeded());
    }
  }

  @Nested
  class OnDiskWithCopies extends Contract {
    @Override
    PushStore store() {
      HandStore disk = new HandStore();
      disk.atOnce();
      return new DiskAndCopies(disk, PushStore.IN_MEMORY);
    }

    @Test
    void whatOtherServersGoOnWithIsNotTakenUpFromTheDisk() throws Exception {
      Push own = SamplePush.of(Event.MESSAGE).push();
      Push theirs =
          new Push(
              UUID.randomUUID(),
              own.app(),
              own.device(),
              own.event(),
              own.callId(),
              own.details(),
              own.bornAt(),
              own.deadline());
      HandStore disk = new HandStore();
      disk.leave(Future.succeededFuture(List.of(new KeptPush(theirs), new KeptPush(own))));
      PushStore copies =
          new PushStore() {
            @Override
            public Future<Void> keep(Push push, boolean isAwaited) {
              return Future.succeededFuture();
            }

            @Override
            public Future<Void> ended(UUID id) {
              return Future.succeededFuture();
            }

            @Override
            public Future<List<KeptPush>> left(AppKey application) {
              return Future.succeededFuture(List.of());
            }

            @Override
            public Future<Set<UUID>> elsewhere(List<UUID> left) {
              assertEquals(List.of(theirs.id(), own.id()), left);
              return Future.succeededFuture(Set.of(theirs.id()));
            }
          };

      List<KeptPush> left = await(new DiskAndCopies(disk, copies).left(own.app()));

      assertEquals(List.of(own), left.stream().map(KeptPush::push).toList());
    }
  }

  @Nested
  class ByHand extends Contract {
    @Override
    PushStore store() {
      HandStore store = new HandStore();
      store.atOnce();
      return store;
    }
  }
}
