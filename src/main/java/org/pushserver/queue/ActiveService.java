// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Objects;
import org.pushserver.push.Answer;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.PushService;

/**
 * The push service that a send queue's attempts go to now: how its notifications are made, and how
 * many are in flight. A changed configuration brings another. Confined to one event loop.
 */
public final class ActiveService {
  private final Delivery delivery;
  private final PayloadMaker payloads;
  private final PushService service;
  private final Promise<Void> idle = Promise.promise();
  private int inFlight;
  private boolean left;

  /**
   * @param delivery how long and how hard its application tries
   * @param payloads how its notifications are made
   * @param service open, or about to be; the caller closes it, after {@link SendQueue#switchTo}
   */
  public ActiveService(Delivery delivery, PayloadMaker payloads, PushService service) {
    this.delivery = delivery;
    this.payloads = payloads;
    this.service = service;
  }

  /** How long and how hard its application tries. */
  Delivery delivery() {
    return delivery;
  }

  boolean hasRoom() {
    return inFlight < service.window();
  }

  /** Whether pushes cannot be sent now, however few are in flight. */
  boolean isDown() {
    return service.window() == 0;
  }

  /**
   * What would come of a push however often it is tried: that its service would never take it, or
   * that nothing can be made of it; null when it may be sent.
   *
   * @param now milliseconds since the epoch
   */
  Response refusal(Push push, long now) {
    try {
      return service.refusal(push, payload(push, now)).map(Answer::response).orElse(null);
    } catch (RuntimeException e) {
      return OwnAnswers.unbuilt(e);
    }
  }

  /**
   * Makes the notification of a push.
   *
   * @param now milliseconds since the epoch
   * @throws RuntimeException when nothing can be made of it
   */
  Payload payload(Push push, long now) {
    return payloads.make(push, now);
  }

  /**
   * Tells the service that a call waits while it {@link #isDown}.
   *
   * @param leftMs so long it is worth to be sent
   */
  void hurry(long leftMs) {
    service.hurry(leftMs);
  }

  /** Why pushes cannot be sent now; empty when they can. */
  String trouble() {
    Condition condition = service.condition();
    return condition.state() == State.CONNECTING ? condition.reason() : "";
  }

  /** Makes one attempt. A service that throws has not kept its contract; the push must not pay. */
  Future<Answer> send(Push push, Payload payload) {
    inFlight++;
    try {
      return Objects.requireNonNull(service.send(push, payload), "no future");
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** To be called when an attempt has ended. */
  void attemptEnded() {
    inFlight--;
    tellWhenIdle();
  }

  /**
   * Takes it out of use.
   *
   * @return completes when nothing is in flight any more
   */
  Future<Void> leave() {
    left = true;
    tellWhenIdle();
    return idle.future();
  }

  private void tellWhenIdle() {
    if (left && inFlight == 0) {
      idle.tryComplete();
    }
  }
}
