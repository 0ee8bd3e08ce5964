// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.pushserver.audit.PushLogLines;
import org.pushserver.dispatch.RecentPushes;
import org.pushserver.dispatch.RecentPushes.News;
import org.pushserver.log.LogLine;
import org.pushserver.observe.AckMeters;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Time;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailNote;
import org.pushserver.trail.TrailStep;
import org.pushserver.trail.TrailStep.What;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what is said of phones that were pushed: that they woke up, or showed a push. An app says
 * it, or the PBX that saw the phone register. Any thread.
 */
public final class AckApi {
  /** Takes nothing. */
  public static final AckApi OFF = new AckApi();

  private static final Logger LOG = LoggerFactory.getLogger("org.pushserver.push");

  private final RecentPushes sent;
  private final Optional<Trail> trail;
  private final AckMatch match;
  private final AckMeters meters;
  private final Time time;

  /**
   * @param sent what was pushed of late
   * @param trail what was pushed before, and what keeps what phones say; empty for none
   * @param meters counts them
   * @param time the clock that times are judged by
   */
  public AckApi(RecentPushes sent, Optional<Trail> trail, AckMeters meters, Time time) {
    this.sent = sent;
    this.trail = trail;
    this.match = new AckMatch(sent, trail);
    this.meters = meters;
    this.time = time;
  }

  private AckApi() {
    this.sent = null;
    this.trail = Optional.empty();
    this.match = null;
    this.meters = null;
    this.time = null;
  }

  /** Whether it takes nothing. */
  public boolean isOff() {
    return match == null;
  }

  /**
   * Takes one acknowledgement, or a list of them.
   *
   * @return completes with what they were matched to; fails with a {@link RequestRefused} when the
   *     only one has no match
   * @throws RequestRefused when the request is wrong
   */
  public Future<ApiResponse> acknowledge(IncomingPush asked) {
    if (isOff()) {
      throw RequestRefused.unknownPath(
          "Acknowledgements are off: set acks = yes in [server] of general.ini, and restart");
    }
    RequestFields fields = RequestReader.read(asked);
    boolean form = asked.wantsForm(fields.wantsForm());
    try {
      AckReader reader = AckReader.of(fields);
      Future<RequestAnswer> answer =
          reader.isList() ? list(reader.list(), asked) : one(reader, asked.caller());
      return answer
          .map(told -> told.encoded(form))
          .recover(
              cause ->
                  Future.failedFuture(
                      form && cause instanceof RequestRefused refusal ? refusal.inForm() : cause));
    } catch (RequestRefused refusal) {
      throw form ? refusal.inForm() : refusal;
    }
  }

  private Future<RequestAnswer> one(AckReader reader, Caller caller) {
    Ack ack;
    try {
      ack = reader.one();
    } catch (RequestRefused refusal) {
      meters.unmatched();
      throw refusal;
    }
    return take(ack, caller);
  }

  private Future<RequestAnswer> list(List<AckReader.One> all, IncomingPush asked) {
    List<Future<RequestAnswer>> answers = new ArrayList<>(all.size());
    for (AckReader.One one : all) {
      if (one.ack() == null) {
        meters.unmatched();
        answers.add(Future.succeededFuture(refused(one.refusal(), asked)));
      } else {
        answers.add(
            take(one.ack(), asked.caller())
                .recover(
                    cause ->
                        cause instanceof RequestRefused refusal
                            ? Future.succeededFuture(refused(refusal, asked))
                            : Future.failedFuture(cause)));
      }
    }
    return Future.join(answers).map(done -> AckAnswer.of(done.<RequestAnswer>list()));
  }

  private static RequestAnswer refused(RequestRefused refusal, IncomingPush asked) {
    asked.refusedInPart(refusal);
    return AckAnswer.of(refusal);
  }

  private Future<RequestAnswer> take(Ack ack, Caller caller) {
    Predicate<AppKey> allowed = app -> caller.key() == null || caller.key().opens(app);
    return match
        .find(ack, allowed)
        .onFailure(cause -> meters.unmatched())
        .map(push -> AckAnswer.of(told(ack, push, caller)));
  }

  private PhoneWord told(Ack ack, KnownPush push, Caller caller) {
    News news =
        sent.note(push.id(), ack.isWoken(), ack.isDisplayed())
            .orElseGet(
                () ->
                    new News(
                        ack.isWoken() && !push.woken(), ack.isDisplayed() && !push.displayed()));
    PhoneWord word = PhoneWord.of(ack, push, news.woken(), news.displayed(), time.now());
    if (word.isKnown()) {
      meters.repeated();
      return word;
    }
    meters.matched();
    if (word.wokenAt() != Ack.NOT) {
      meters.woken(push.app(), word.tookMs(word.wokenAt()));
      tell(word, What.WOKEN, word.wokenAt(), caller);
    }
    if (word.displayedAt() != Ack.NOT) {
      meters.displayed(push.app(), word.tookMs(word.displayedAt()));
      tell(word, What.DISPLAYED, word.displayedAt(), caller);
    }
    return word;
  }

  private void tell(PhoneWord word, What what, long at, Caller caller) {
    KnownPush push = word.push();
    long tookMs = word.tookMs(at);
    if (LOG.isInfoEnabled()) {
      LOG.info(
          LogLine.MESSAGE,
          PushLogLines.phone(
              what == What.WOKEN ? "woken" : "displayed",
              push.callId(),
              push.app(),
              push.event(),
              push.deviceId(),
              caller.toString(),
              tookMs));
    }
    String text =
        "said by "
            + caller
            + String.join("", word.corrections().stream().map(one -> "; " + one).toList());
    trail.ifPresent(
        kept ->
            kept.note(
                new TrailNote(
                    push.id(),
                    push.app(),
                    push.callId(),
                    new TrailStep(what, at, 0, 0, text, tookMs, "", 0))));
  }
}
