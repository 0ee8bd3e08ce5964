// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.pushserver.audit.PushLogLines;
import org.pushserver.dispatch.OtherServers;
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

  private static final int BUSY_S = 1;

  private final RecentPushes sent;
  private final Optional<Trail> trail;
  private final AckMatch match;
  private final OtherServers others;
  private final AckMeters meters;
  private final Time time;

  /**
   * @param sent what was pushed of late
   * @param trail what was pushed before, and what keeps what phones say; empty for none
   * @param others of a cluster, which may know a push that this one does not
   * @param meters counts them
   * @param time the clock that times are judged by
   */
  public AckApi(
      RecentPushes sent, Optional<Trail> trail, OtherServers others, AckMeters meters, Time time) {
    this.sent = sent;
    this.trail = trail;
    this.match = new AckMatch(sent, trail);
    this.others = others;
    this.meters = meters;
    this.time = time;
    others.answer(this::answer);
  }

  /**
   * That of a server that takes nothing.
   *
   * @param others which may have it on, and are not to take this one for one that does not answer
   */
  public static AckApi off(OtherServers others) {
    others.answer(question -> Future.succeededFuture(Optional.empty()));
    return OFF;
  }

  private AckApi() {
    this.sent = null;
    this.trail = Optional.empty();
    this.match = null;
    this.others = OtherServers.NONE;
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
    AckQuestion asked = new AckQuestion(ack, allowed, caller.toString());
    return match
        .recent(ack, allowed)
        .map(push -> push.map(known -> told(asked, known)))
        .orElseGet(() -> elsewhere(asked, caller))
        .onFailure(cause -> meters.unmatched())
        .map(AckAnswer::of);
  }

  /** Of a push that another server has, which then knows it and tells of it, or that is older. */
  private Future<PhoneWord> elsewhere(AckQuestion asked, Caller caller) {
    if (others == OtherServers.NONE) {
      return older(asked);
    }
    return others
        .ask(asked.ack().callId(), AckQuestion.bytes(asked.ack(), caller))
        .compose(
            found ->
                found.answer().isPresent()
                    ? word(found.answer().get())
                    : older(asked).recover(cause -> notFound(cause, found.silent(), asked.ack())));
  }

  private static Future<PhoneWord> word(Buffer bytes) {
    AckQuestion.Answer answer = AckQuestion.readAnswer(bytes);
    return answer.refusal() == null
        ? Future.succeededFuture(answer.word())
        : Future.failedFuture(answer.refusal());
  }

  private Future<PhoneWord> older(AckQuestion asked) {
    return match.older(asked.ack(), asked.allowed()).map(push -> told(asked, push));
  }

  /** Whoever acknowledges can say it again when all are there. */
  private static <T> Future<T> notFound(Throwable cause, List<String> silent, Ack ack) {
    return Future.failedFuture(
        isUnknown(cause) && !silent.isEmpty()
            ? RequestRefused.unavailable(
                    "Server %s does not answer, and may have the push"
                        .formatted(String.join(", ", silent)),
                    BUSY_S)
                .about(ack.about())
            : cause);
  }

  private static boolean isUnknown(Throwable cause) {
    return cause instanceof RequestRefused refusal && refusal.status() == 404;
  }

  /** Takes what somebody has said at another server. */
  private Future<Optional<Buffer>> answer(Buffer question) {
    AckQuestion asked = AckQuestion.read(question);
    return match
        .recent(asked.ack(), asked.allowed())
        .map(push -> push.map(known -> told(asked, known)))
        .orElseGet(() -> older(asked))
        .map(word -> Optional.of(AckQuestion.answer(word)))
        .recover(AckApi::refused);
  }

  private static Future<Optional<Buffer>> refused(Throwable cause) {
    if (isUnknown(cause)) {
      return Future.succeededFuture(Optional.empty());
    }
    return cause instanceof RequestRefused refusal && refusal.status() == 400
        ? Future.succeededFuture(Optional.of(AckQuestion.answer(refusal)))
        : Future.failedFuture(cause);
  }

  private PhoneWord told(AckQuestion asked, KnownPush push) {
    Ack ack = asked.ack();
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
      tell(word, What.WOKEN, word.wokenAt(), asked.sayer());
    }
    if (word.displayedAt() != Ack.NOT) {
      meters.displayed(push.app(), word.tookMs(word.displayedAt()));
      tell(word, What.DISPLAYED, word.displayedAt(), asked.sayer());
    }
    return word;
  }

  private void tell(PhoneWord word, What what, long at, String sayer) {
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
              sayer,
              tookMs));
    }
    String text =
        "said by "
            + sayer
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
