// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.pushserver.audit.PushLogLines;
import org.pushserver.log.LogLine;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pushes of one request to several devices, all at once: what is wrong with one stops none of
 * the others. Whoever knows the devices says which, and what is told of each. Confined to one event
 * loop.
 *
 * @param <A> what is told of one device
 */
final class DevicePushes<A> {
  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");

  private final IncomingPush asked;
  private final PushApi api;
  private final List<Future<A>> answers = new ArrayList<>();
  private final List<Push> sent = new ArrayList<>();

  DevicePushes(IncomingPush asked, PushApi api) {
    this.asked = asked;
    this.api = api;
  }

  /**
   * Asks for the push to the next device. Whatever goes wrong with it, also in code that is not
   * ours, is told of this device alone.
   *
   * @param push sends it, or says what there is to say instead
   * @param refused tells why there is none
   */
  void ask(Supplier<Future<A>> push, Function<RequestRefused, A> refused) {
    Future<A> told;
    try {
      told = push.get();
    } catch (RuntimeException e) {
      told = Future.failedFuture(e);
    }
    answers.add(
        told.recover(cause -> Future.succeededFuture(refused.apply(refusal(cause, asked)))));
  }

  /**
   * Sends a push.
   *
   * @param told what its end is told as; empty when it was accepted and nobody waits
   */
  Future<A> send(PushReader.ReadPush read, Function<Optional<Outcome>, A> told) {
    sent.add(read.push());
    return api.send(read, asked).end().map(told);
  }

  /** Why a device gets no push, whatever it was that went wrong; a fault is logged. */
  private static RequestRefused refusal(Throwable cause, IncomingPush asked) {
    if (cause instanceof RequestRefused refusal) {
      return refusal;
    }
    RequestRefused fault = RequestRefused.fault();
    LOG.error(
        "one device of a request from {} failed, which is a fault of Pushserver or of a plugin; it"
            + " was answered {}, the other devices go on; please report this line and those below"
            + " it",
        asked.caller(),
        fault.status(),
        cause);
    return fault;
  }

  /** Says what is known of the next device, or will be. */
  void tell(Future<A> told) {
    answers.add(told);
  }

  /**
   * Counts and logs that a device gets no push.
   *
   * @param which one, in words with a space at their end; empty when its sender gave it no name
   */
  void refused(String which, RequestRefused refusal) {
    refused(which, refusal, asked);
  }

  /** The same of what else a request asked for, and is told in words of its own. */
  static void refused(String which, RequestRefused refusal, IncomingPush asked) {
    asked.refusedInPart(refusal);
    if (LOG.isInfoEnabled()) {
      LOG.info(
          LogLine.MESSAGE,
          PushLogLines.refusedDevice(
              refusal.callId(),
              refusal.status(),
              asked.caller().toString(),
              which,
              refusal.description()));
    }
  }

  /**
   * The answer to the request.
   *
   * @param form whether it is to be a form
   * @return completes when the last has ended, or has been accepted, as it was asked; does not fail
   */
  Future<ApiResponse> answer(Function<List<A>, RequestAnswer> all, boolean form) {
    return Future.join(answers)
        .map(ended -> all.apply(ended.<A>list()).encoded(form))
        .onSuccess(given -> sent.forEach(push -> PushApi.log(push, given)));
  }
}
