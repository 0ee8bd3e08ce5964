// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.queue.SampleAnswers.delivered;

import ch.qos.logback.classic.Level;
import io.vertx.core.Future;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.dispatch.ScriptedService.Attempt;
import org.pushserver.fake.LogTrail;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.queue.HandStore;
import org.pushserver.queue.KeptPush;

/** An application whose pushes are kept by a store that takes its time, on a thread of its own. */
class KeptPushTest {
  private final HandStore store = new HandStore();
  @RegisterExtension private final AppFixture app = new AppFixture(100, store);

  @Test
  void aPushIsAnsweredAsAcceptedOnceItIsKept() throws Exception {
    app.start(1);
    Future<Optional<Outcome>> accepted = app.accept(app.call("a"));
    app.settle();
    assertFalse(accepted.isComplete());
    store.keepOne(0);
    assertTrue(await(accepted).isEmpty());
    await(app.service.next()).answer(delivered());
    app.settle();
    assertEquals(List.of(), store.held());
  }

  @Test
  void whatCannotBeKeptIsToComeAgain() throws Exception {
    app.start(0);
    Future<Optional<Outcome>> accepted = app.accept(app.call("a"));
    app.settle();
    store.failOne(0);
    assertEquals(503, await(accepted).orElseThrow().response().code());
    assertEquals(List.of(), app.service.sent());
  }

  @Test
  void closingWaitsForWhatIsBeingKept() throws Exception {
    app.start(0);
    store.lasts();
    Future<Optional<Outcome>> accepted = app.accept(app.call("a"));
    app.settle();
    Future<Void> closed = app.fleet.close();
    app.advance(AppFixture.DRAIN);
    assertFalse(closed.isComplete());
    store.keepOne(0);
    await(closed);
    assertTrue(await(accepted).isEmpty());
    assertEquals(List.of("a"), store.held());
  }

  @Test
  void whatAFormerProcessLeftGoesBeforeWhatIsNew() throws Exception {
    store.leave(
        Future.succeededFuture(
            List.of(new KeptPush(app.call("left 1")), new KeptPush(app.call("left 2")))));
    app.start(1);
    Future<Outcome> outcome = app.deliver(app.call("new"));
    for (String callId : List.of("left 1", "left 2", "new")) {
      Attempt attempt = await(app.service.next());
      assertEquals(callId, attempt.push.callId());
      attempt.answer(delivered());
    }
    assertEquals(Result.DELIVERED, await(outcome).result());
    assertEquals(3, await(app.fleet.counts(AppFixture.KEY)).accepted());
  }

  @Test
  void aCallOfWhichAFormerProcessLeftARingIsCancelledByItsCallId() throws Exception {
    store.leave(Future.succeededFuture(List.of(new KeptPush(app.call("left")))));
    app.start(1);
    await(app.service.next()).answer(delivered());
    app.settle();
    CallCancel cancel = new CallCancel("left", Set.of(), Set.of(), key -> true);
    assertEquals(1, await(app.fleet.cancel(cancel)).size());
  }

  @Test
  void anApplicationStartsThoughWhatWasLeftCannotBeRead() throws Exception {
    try (LogTrail errors = new LogTrail(AppVerticle.class.getName())) {
      store.leave(Future.failedFuture(new IOException("damaged")));
      app.start(1);
      assertEquals(
          List.of("[phone] the pushes that were kept cannot be read: damaged"),
          errors.lines(Level.ERROR));
    }
    Future<Outcome> outcome = app.deliver(app.call("new"));
    await(app.service.next()).answer(delivered());
    assertEquals(Result.DELIVERED, await(outcome).result());
  }
}
