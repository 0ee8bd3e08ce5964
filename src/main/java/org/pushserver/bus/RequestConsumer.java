// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import io.vertx.core.Future;
import io.vertx.core.eventbus.Message;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.pushserver.api.AckApi;
import org.pushserver.api.ApiResponse;
import org.pushserver.api.Caller;
import org.pushserver.api.CallerCheck;
import org.pushserver.api.IncomingPush;
import org.pushserver.api.LivePolicy;
import org.pushserver.api.Policy;
import org.pushserver.api.PushApi;
import org.pushserver.api.RequestRefused;
import org.pushserver.audit.PushLogLines;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.Right;
import org.pushserver.log.LogLine;
import org.pushserver.observe.AnsweredRequests;
import org.pushserver.observe.RequestMeters;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes the messages that ask for one thing, from each to its answer: whatever comes of it, its
 * sender is answered, and never by a failure. Confined to one event loop.
 */
final class RequestConsumer {
  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");

  private final Kind kind;
  private final String address;
  private final boolean first;
  private final LivePolicy policy;
  private final CallerCheck check;
  private final RequestMeters meters;
  private final AnsweredRequests answered;

  /**
   * What is asked for.
   *
   * @param name in the middle of a sentence
   * @param unpublished the refusal of what goes to all consumers
   * @param right what a key must allow
   * @param ofAccount whether a key will do that is limited to the accounts of some domains: whose
   *     account is meant is asked by who answers
   * @param keyed whether a key is needed also where there are none
   * @param api answers it
   */
  record Kind(
      String name,
      String unpublished,
      Right right,
      boolean ofAccount,
      boolean keyed,
      Function<IncomingPush, Future<ApiResponse>> api) {
    static Kind push(PushApi api) {
      return new Kind(
          "a push",
          "A push must be sent, not published: each consumer would ring the phone once more",
          Right.PUSH,
          false,
          false,
          api::push);
    }

    static Kind acknowledgement(AckApi api) {
      return new Kind(
          "an acknowledgement",
          "An acknowledgement must be sent, not published",
          Right.ACKS,
          false,
          false,
          api::acknowledge);
    }
  }

  /**
   * @param address where they come in
   * @param first whether it is the one to tell of a message that all consumers get
   */
  RequestConsumer(
      Kind kind,
      String address,
      boolean first,
      LivePolicy policy,
      Time time,
      RequestMeters meters) {
    this.kind = kind;
    this.address = address;
    this.first = first;
    this.policy = policy;
    this.check = new CallerCheck(time);
    this.meters = meters;
    this.answered = meters.answered(List.of(address));
  }

  /** Does what is asked for. */
  void take(Message<Object> received) {
    BusMessage message = new BusMessage(received);
    meters.waiting(1);
    try {
      kind.api
          .apply(admit(message))
          .onComplete(ended -> meters.waiting(-1))
          .onComplete(answer -> answer(message, answer), failure -> failed(message, failure));
    } catch (RuntimeException e) {
      meters.waiting(-1);
      failed(message, e);
    }
  }

  /** Nobody takes it any more. */
  void discard(Message<Object> received) {
    refuse(new BusMessage(received), RequestRefused.unavailable("The server is shutting down", 1));
  }

  private BusPush admit(BusMessage message) {
    if (!message.wasSent()) {
      throw RequestRefused.badRequest(kind.unpublished);
    }
    Policy now = policy.now();
    Caller caller = caller(message, now.busKeys());
    check.count(caller, now);
    Optional<Boolean> waits = message.waits();
    byte[] body = message.json();
    int limit = now.limits().maxBody();
    if (body.length > limit) {
      throw RequestRefused.bodyTooLong(limit);
    }
    return new BusPush(message, body, caller, now, waits, meters);
  }

  private Caller caller(BusMessage message, ApiKeys keys) {
    if (keys.isOpen() && kind.keyed) {
      throw new RequestRefused(
          403,
          "The right '%s' is needed here, which only an API key has, and there are none: set"
                  .formatted(kind.right.word())
              + " api_keys in [bus] of general.ini");
    } else if (keys.isOpen()) {
      return new Caller(message.sender(), null);
    }
    ApiKey key = check.key(message.key(), keys);
    if (key == null) {
      throw RequestRefused.unauthorized(
          message.key() == null
              ? "An API key is needed, as header 'api-key'"
              : "The API key is not known");
    }
    if (kind.ofAccount) {
      CallerCheck.requireRight(key, kind.right);
    } else {
      CallerCheck.require(key, kind.right);
    }
    return new Caller(message.sender(), key);
  }

  private void failed(BusMessage message, Throwable failure) {
    if (failure instanceof RequestRefused refusal) {
      refuse(message, refusal);
    } else {
      fault(message, failure);
    }
  }

  private void fault(BusMessage message, Throwable failure) {
    LOG.error(
        "{} from {} failed, which is a fault of Pushserver; its sender was answered 500, all"
            + " else goes on; please report this line and those below it",
        kind.name,
        message.sender(),
        failure);
    send(message, ApiResponse.broken(), message.written(ApiResponse.broken().body()));
  }

  private void refuse(BusMessage message, RequestRefused refusal) {
    if (!message.wasSent() && !first) {
      return;
    }
    if (LOG.isInfoEnabled()) {
      LOG.info(
          LogLine.MESSAGE,
          PushLogLines.refused(
              refusal.callId(),
              refusal.status(),
              message.sender(),
              message.wasSent() ? "SEND" : "PUBLISH",
              address,
              refusal.description()));
    }
    meters.refused(
        refusal.status(),
        refusal.why(),
        () ->
            refusal.request(
                message.sender(), (message.wasSent() ? "SEND " : "PUBLISH ") + address));
    answer(
        message,
        ApiResponse.refused(refusal.status(), refusal.description(), refusal.retryAfter()));
  }

  private void answer(BusMessage message, ApiResponse answer) {
    Object written;
    try {
      written = message.written(answer.body());
    } catch (RuntimeException e) {
      // A push service of somebody else's has quoted what is no JSON.
      fault(message, e);
      return;
    }
    send(message, answer, written);
  }

  private void send(BusMessage message, ApiResponse answer, Object written) {
    answered.count(address, answer.status());
    message.reply(written, answer.retryAfter());
  }
}
