// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.pushserver.audit.PushLogLines;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.log.LogLine;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.Time;
import org.pushserver.tokens.StoredToken;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What makes pushes of requests, whatever brought them. Version 1 of what can be asked for is one
 * request, one push, one answer; whoever speaks another way reads the fields and writes the answer
 * himself. Confined to one event loop.
 */
public final class PushApi {
  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");

  private final Dispatcher dispatcher;
  private final Time time;
  private final PushReader reader;
  private final CallCancels cancels;

  /**
   * A push that is on its way.
   *
   * @param end completes with how it ended, or was turned away; with nothing when it was accepted
   *     and its sender does not wait for more, or no longer. Does not fail
   */
  public record Sent(Push push, Future<Optional<Outcome>> end) {}

  /**
   * @param dispatcher takes the pushes, on this event loop
   * @param time the clock by which pushes are born
   */
  public PushApi(Dispatcher dispatcher, Time time) {
    this.dispatcher = dispatcher;
    this.time = time;
    this.reader = new PushReader(dispatcher, time);
    this.cancels = new CallCancels(dispatcher, time);
  }

  /**
   * Sends a push, or cancels a call.
   *
   * @return completes with what became of it, or at once, as it was asked; fails with a {@link
   *     RequestRefused} when it turns out later that the request is wrong
   * @throws RequestRefused when the request cannot become one
   */
  public Future<ApiResponse> push(IncomingPush asked) {
    RequestFields fields = RequestReader.read(asked);
    boolean form = asked.wantsForm(fields.wantsForm());
    try {
      return push(fields, form, asked);
    } catch (RequestRefused refusal) {
      throw form ? refusal.inForm() : refusal;
    }
  }

  private Future<ApiResponse> push(RequestFields fields, boolean form, IncomingPush asked) {
    if (fields.isForContacts()) {
      return ContactPushes.push(fields, form, asked, this, dispatcher);
    }
    if (CallCancels.isMeant(fields)) {
      Future<ApiResponse> told = cancels.cancel(fields, asked).map(answer -> answer.encoded(form));
      return LOG.isDebugEnabled()
          ? told.onSuccess(given -> logCancel(fields.text(Field.CALL_ID), given))
          : told;
    }
    PushReader.ReadPush read = reader.read(fields, asked.caller());
    Push push = read.push();
    Patience patience = Patience.of(read.patience(), asked);
    if (read.refusal() != null) {
      Future<ApiResponse> end =
          withdraw(read, asked)
              .map(ended -> ended.orElseThrow(() -> refusal(read, form)))
              .map(outcome -> RequestAnswer.outcome(push, outcome).encoded(form));
      // Whether it is refused is known at once, as long as no ring is being sent.
      return patience.isNone()
          ? end
          : patience.within(end, time, () -> RequestAnswer.stillTrying(push).encoded(form));
    }
    log(read, asked);
    Future<ApiResponse> answer = answer(push, patience, form, asked);
    return LOG.isDebugEnabled() ? answer.onSuccess(given -> log(push, given)) : answer;
  }

  /**
   * Sends the push that fields stand for; its answer is for others to write. One request may bring
   * several.
   *
   * @param asked what brought them; its body is told in the log alone
   * @throws RequestRefused when they cannot become a push
   */
  public Sent send(RequestFields fields, IncomingPush asked) {
    return send(read(fields, asked), asked);
  }

  /** The push that fields stand for, to be sent, or not. */
  PushReader.ReadPush read(RequestFields fields, IncomingPush asked) {
    return reader.read(fields, asked.caller());
  }

  /**
   * The push that fields stand for, to a stored device.
   *
   * @param caller who asks, and may do so for the account of the device
   */
  PushReader.ReadPush read(RequestFields fields, Caller caller, StoredToken stored) {
    return reader.read(fields, caller, stored);
  }

  /** Sends what was read. */
  Sent send(PushReader.ReadPush read, IncomingPush asked) {
    Push push = read.push();
    if (read.refusal() != null) {
      return new Sent(push, withdraw(read, asked).map(end -> end.or(PushApi::nothingToCancel)));
    }
    log(read, asked);
    Patience patience = Patience.of(read.patience(), asked);
    return new Sent(
        push,
        patience.isNone()
            ? dispatcher.accept(push)
            : patience.within(deliver(push, asked).map(Optional::of), time, Optional::empty));
  }

  /**
   * Withdraws the ring of a cancel that its phone would not understand; empty when none waits. Of a
   * cancel that withdraws nothing there is no word in the log but that it was refused.
   */
  Future<Optional<Outcome>> withdraw(PushReader.ReadPush read, IncomingPush asked) {
    return dispatcher
        .withdraw(read.push())
        .onSuccess(ended -> ended.ifPresent(found -> log(read, asked)));
  }

  private static RequestRefused refusal(PushReader.ReadPush read, boolean form) {
    RequestRefused refusal = read.refusal().about(Printable.cut(read.push().callId()));
    return form ? refusal.inForm() : refusal;
  }

  /** Only version 1 has to refuse what it has always refused. */
  private static Optional<Outcome> nothingToCancel() {
    return Optional.of(
        new Outcome(
            Outcome.Result.SUPERSEDED, new Response(200, "nothing to cancel", "", "{}"), 0));
  }

  private Future<Outcome> deliver(Push push, IncomingPush asked) {
    Future<Outcome> end = dispatcher.deliver(push);
    if (asked.policy().cancelsOnDisconnect()) {
      cancels.whenGone(push, end, asked);
    }
    return end;
  }

  private Future<ApiResponse> answer(
      Push push, Patience patience, boolean form, IncomingPush asked) {
    if (!patience.isNone()) {
      return patience.within(
          deliver(push, asked).map(outcome -> RequestAnswer.outcome(push, outcome).encoded(form)),
          time,
          () -> RequestAnswer.stillTrying(push).encoded(form));
    }
    return dispatcher
        .accept(push)
        .map(
            refused ->
                refused
                    .map(outcome -> RequestAnswer.outcome(push, outcome).encoded(form))
                    .orElseGet(() -> ApiResponse.accepted(form)));
  }

  private static void log(PushReader.ReadPush read, IncomingPush asked) {
    Push push = read.push();
    byte[] body = asked.body();
    if (LOG.isInfoEnabled()) {
      LOG.info(
          LogLine.MESSAGE, PushLogLines.incoming(push, asked.caller().toString(), body.length));
    }
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          LogLine.MESSAGE,
          PushLogLines.request(push, asked.headers(), new String(body, StandardCharsets.UTF_8)));
    }
    if (!read.mended().isEmpty()) {
      LOG.warn(
          LogLine.MESSAGE, PushLogLines.mended(push, asked.caller().toString(), read.mended()));
    }
  }

  private static void logCancel(String callId, ApiResponse answer) {
    LOG.debug(
        LogLine.MESSAGE,
        PushLogLines.cancelAnswer(
            callId, answer.status(), answer.headers().entrySet(), answer.body().toString()));
  }

  /** At debug level: what the sender of a push was answered. */
  static void log(Push push, ApiResponse answer) {
    if (LOG.isDebugEnabled()) {
      LOG.debug(
          LogLine.MESSAGE,
          PushLogLines.answer(
              push, answer.status(), answer.headers().entrySet(), answer.body().toString()));
    }
  }
}
