// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

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

/**
 * The way that a send queue's attempts take: its parts, and how many are in flight with its push
 * service. A changed configuration brings another. Confined to one event loop.
 */
final class ActiveService {
  private final ApplicationParts parts;
  private final Promise<Void> idle = Promise.promise();
  private int inFlight;
  private boolean left;

  ActiveService(ApplicationParts parts) {
    this.parts = parts;
  }

  ApplicationParts parts() {
    return parts;
  }

  /** How long and how hard its application tries. */
  Delivery delivery() {
    return parts.application().delivery();
  }

  boolean hasRoom() {
    return inFlight < parts.service().window();
  }

  /** Whether pushes cannot be sent now, however few are in flight. */
  boolean isDown() {
    return parts.service().window() == 0;
  }

  /**
   * What would come of a push however often it is tried: that its service would never take it, or
   * that nothing can be made of it; null when it may be sent.
   *
   * @param now milliseconds since the epoch
   */
  Response refusal(Push push, long now) {
    try {
      Payload payload = parts.payloads().make(push, now);
      return parts.service().refusal(push, payload).map(Answer::response).orElse(null);
    } catch (RuntimeException e) {
      return OwnAnswers.unbuilt(e);
    }
  }

  /**
   * Tells the service that a call waits while it {@link #isDown}.
   *
   * @param leftMs so long it is worth to be sent
   */
  void hurry(long leftMs) {
    parts.service().hurry(leftMs);
  }

  /** Why pushes cannot be sent now; empty when they can. */
  String trouble() {
    Condition condition = parts.service().condition();
    return condition.state() == State.CONNECTING ? condition.reason() : "";
  }

  /** Makes one attempt. A service that throws has not kept its contract; the push must not pay. */
  Future<Answer> send(Push push, Payload payload) {
    inFlight++;
    try {
      return Objects.requireNonNull(parts.service().send(push, payload), "no future");
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
