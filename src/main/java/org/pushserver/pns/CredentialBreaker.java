// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pns;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.pushserver.pns.Verdict.Credentials;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.Fault;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.route.Route;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Condition.State;
import org.pushserver.spi.Doubling;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The circuit breaker of one application's credentials. That a push service does not accept them is
 * believed when it says so three times in a row in the same words; answers that tell nothing of
 * them do not count. From then on pushes are answered as the last of these was, and are not sent:
 * it would say the same to each, and blocks who asks too often. One at a time is sent nevertheless,
 * after 1 s doubling to 60 s, each ±20 %, and the first that is accepted ends it.
 *
 * <p>It needs no timers: only a push that comes can find out. It lives on one event loop.
 */
final class CredentialBreaker {
  /** Whatever becomes of the way to a push service is told by one part of the server. */
  private static final Logger LOG = LoggerFactory.getLogger(Route.class);

  private static final Doubling PROBES = new Doubling(1_000, 60_000);

  /** A service may slip; to refuse every push for one slip would be the worse mistake. */
  private static final int BELIEVED_REFUSALS = 3;

  /** So many pushes are answered in one turn of the event loop, which has others to serve too. */
  private static final int AT_A_TIME = 100;

  private final String section;
  private final String advice;
  private final Function<Push, String> url;
  private final Context context;
  private final Time time;
  private final Runnable changed;

  private Response refusal;
  private Condition condition;

  /** We know ourselves: asking would be pointless. */
  private boolean withheld;

  /** Counts every change: what was sent before one says nothing about the time after it. */
  private long stage;

  /** What was last said against the credentials, and how often in a row. */
  private String suspicion = "";

  private int suspicions;

  private int failures;
  private long nextProbe;
  private boolean probing;
  private int sent;

  /**
   * @param section the application's, for the log
   * @param advice what the operator can do about a refusal
   * @param url where a push goes, for its answer
   * @param changed called on this event loop whenever {@link #refused} has changed
   */
  CredentialBreaker(
      String section,
      String advice,
      Function<Push, String> url,
      Vertx vertx,
      Time time,
      Runnable changed) {
    this.section = section;
    this.advice = advice;
    this.url = url;
    this.context = vertx.getOrCreateContext();
    this.time = time;
    this.changed = changed;
  }

  /** How it stands while the credentials are refused; empty while they are not. */
  Optional<Condition> refused() {
    return Optional.ofNullable(condition);
  }

  /**
   * How many pushes may be in flight: what the route says, unless pushes are refused.
   *
   * @param route see {@link Route#window}
   */
  int window(int route) {
    return refusal == null ? route : sent + AT_A_TIME;
  }

  /**
   * Sends a push, or answers it if it would be refused.
   *
   * @param attempt sends it; completes on this event loop
   * @return fails as the attempt does
   */
  Future<Answer> send(Push push, Supplier<Future<Verdict>> attempt) {
    if (refusal != null && !mayProbe()) {
      return refuse(push);
    }
    long begun = stage;
    boolean probe = refusal != null;
    Future<Verdict> asked = attempt.get();
    sent++;
    probing = probe;
    return asked.transform(
        (verdict, cause) -> {
          sent--;
          learn(begun, verdict);
          return cause == null
              ? Future.succeededFuture(verdict.answer())
              : Future.failedFuture(cause);
        });
  }

  /**
   * Sends nothing more until {@link #release}: that the service would refuse it is known without
   * asking.
   *
   * @param why what pushes are answered
   */
  void withhold(Response why) {
    withheld = true;
    goDown(why);
  }

  /** Ends {@link #withhold}; does nothing when it does not hold. */
  void release() {
    if (withheld) {
      goUp();
    }
  }

  private boolean mayProbe() {
    return !withheld && !probing && time.nanos() - nextProbe >= 0;
  }

  private Future<Answer> refuse(Push push) {
    Response response =
        withheld
            ? refusal
            : new Response(refusal.code(), refusal.reason(), url.apply(push), refusal.body());
    Promise<Answer> promise = Promise.promise();
    context.runOnContext(turn -> promise.complete(new Answer.Refused(response, Fault.APPLICATION)));
    return promise.future();
  }

  /**
   * @param verdict null when there was no answer
   */
  private void learn(long begun, Verdict verdict) {
    if (begun != stage) {
      return;
    }
    Credentials said = verdict == null ? Credentials.UNTOLD : verdict.credentials();
    if (said == Credentials.REFUSED) {
      suspect(verdict.answer().response());
    } else if (said == Credentials.ACCEPTED) {
      trust();
    } else if (refusal != null) {
      probeLater();
    }
  }

  private void suspect(Response why) {
    suspicions = why.reason().equals(suspicion) ? suspicions + 1 : 1;
    suspicion = why.reason();
    if (refusal != null || suspicions >= BELIEVED_REFUSALS) {
      failures++;
      probeLater();
      goDown(why);
    }
  }

  private void trust() {
    if (refusal == null) {
      suspicions = 0;
    } else {
      goUp();
    }
  }

  private void probeLater() {
    probing = false;
    long delay = PROBES.delay(failures, ThreadLocalRandom.current());
    nextProbe = time.nanos() + TimeUnit.MILLISECONDS.toNanos(delay);
  }

  private void goDown(Response why) {
    boolean news = refusal == null || !refusal.reason().equals(why.reason());
    if (refusal == null || withheld) {
      stage++;
    }
    refusal = why;
    if (news) {
      condition = new Condition(State.REFUSED, why.reason() + "; " + advice);
      LOG.error(
          "[{}] the push service refuses the application's credentials, its pushes are answered {}"
              + " until that ends: {}",
          section,
          why.code(),
          condition.reason());
      changed.run();
    }
  }

  private void goUp() {
    stage++;
    refusal = null;
    condition = null;
    withheld = false;
    probing = false;
    failures = 0;
    suspicions = 0;
    LOG.info("[{}] the application's credentials are accepted", section);
    changed.run();
  }
}
