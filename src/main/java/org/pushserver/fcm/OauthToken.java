// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.pushserver.spi.Doubling;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The OAuth token of one service account, shared by all applications that use it over the same way,
 * on any event loops. At most one request for a new one is under way, and after a failure the next
 * has to wait: 0.5 s doubling to 30 s, each ±20 %.
 *
 * <p>That the account is <em>refused</em> is believed when it was said twice in a row: a key is
 * refused for a moment after it was made, and a clock may just be put right. From then on it is
 * asked about once a minute.
 *
 * <p>Thread safe without locks: whoever has the request under way, and only he, changes the state.
 * Futures and listeners are told on the thread of whoever asked for the token.
 */
final class OauthToken {
  private static final Logger LOG = LoggerFactory.getLogger(OauthToken.class);
  private static final Doubling DELAY = new Doubling(500, 30_000);
  private static final Doubling REFUSED_DELAY = new Doubling(60_000, 60_000);
  private static final int BELIEVED_REFUSALS = 2;

  /**
   * When the replacement of a refused token is refused as well, the tokens are not what is wrong.
   * Every push would ask for another one.
   */
  private static final long REPLACEMENTS_APART = TimeUnit.SECONDS.toNanos(10);

  /** Failures since the last success; null cause when there were none. */
  private record Failures(TokenException last, int count, int refusals, long retryAt) {
    static final Failures NONE = new Failures(null, 0, 0, 0);
  }

  private record State(AccessToken token, Failures failures) {}

  private final TokenAccess access;
  private final RandomGenerator random;
  private final AtomicReference<Future<AccessToken>> underWay = new AtomicReference<>();
  private final Map<Runnable, String> listeners = new ConcurrentHashMap<>();
  private volatile State state = new State(null, Failures.NONE);

  /**
   * @param random spreads the tries of many accounts after a common outage
   */
  OauthToken(TokenAccess access, RandomGenerator random) {
    this.access = access;
    this.random = random;
  }

  TokenAccess access() {
    return access;
  }

  /**
   * Calls the listener, on any thread, whenever something here has changed.
   *
   * @param section of the application that it belongs to, for the log
   */
  void addListener(String section, Runnable listener) {
    listeners.put(listener, section);
  }

  void removeListener(Runnable listener) {
    listeners.remove(listener);
  }

  /** The token; null when there is none that may be sent now. */
  AccessToken usable(long nanos) {
    AccessToken token = state.token();
    return token != null && token.isUsable(nanos) ? token : null;
  }

  /** Why the account gets no token, when that is beyond doubt; else null. */
  TokenException refusal() {
    Failures failures = state.failures();
    return failures.refusals() >= BELIEVED_REFUSALS ? failures.last() : null;
  }

  /** The last failure since a token was got; null when there was none. */
  TokenException lastFailure() {
    return state.failures().last();
  }

  /** How many requests have failed since a token was got. */
  int failures() {
    return state.failures().count();
  }

  /** Whether a token should be asked for now; else how long that has time, in nanoseconds. */
  long dueIn(long nanos) {
    State now = state;
    if (now.failures().count() > 0) {
      return Math.max(0, now.failures().retryAt() - nanos);
    }
    return now.token() == null ? 0 : Math.max(0, now.token().renewAt() - nanos);
  }

  /**
   * Gets a token when one is due: asks, or joins whoever asks already.
   *
   * @param ask makes one request, of bounded time; fails with {@link TokenException}
   * @return completes when there is a new token, or nothing was due
   */
  Future<AccessToken> renewWhenDue(Time time, Supplier<Future<AccessToken>> ask) {
    return alone(
        promise -> {
          State before = state;
          if (dueIn(time.nanos()) == 0) {
            ask(before, false, time, ask, promise);
          } else {
            settle(promise, before);
          }
        });
  }

  /** Whether {@link #replace} may help when this header was refused. */
  boolean isReplaceable(String refusedHeader, long nanos) {
    AccessToken token = state.token();
    return token == null
        || !token.header().equals(refusedHeader)
        || !token.replacesRefused()
        || nanos - token.gotAt() >= REPLACEMENTS_APART;
  }

  /**
   * Gets another token than the refused one. However many report the same header: one request.
   *
   * @param ask makes one request; fails with {@link TokenException}
   */
  Future<AccessToken> replace(String refusedHeader, Time time, Supplier<Future<AccessToken>> ask) {
    return alone(
        promise -> {
          State before = state;
          AccessToken token = before.token();
          if (token != null && !token.header().equals(refusedHeader)) {
            settle(promise, before);
            return;
          }
          State without = new State(null, before.failures());
          if (before.failures().count() > 0 && dueIn(time.nanos()) > 0) {
            state = without;
            settle(promise, without);
          } else {
            ask(without, true, time, ask, promise);
          }
        });
  }

  /** Does something that changes the state, unless somebody else is at it: then joins him. */
  private Future<AccessToken> alone(Consumer<Promise<AccessToken>> action) {
    Promise<AccessToken> mine = Promise.promise();
    Future<AccessToken> others = underWay.compareAndExchange(null, mine.future());
    if (others != null) {
      return others;
    }
    action.accept(mine);
    return mine.future();
  }

  private void ask(
      State before,
      boolean replacing,
      Time time,
      Supplier<Future<AccessToken>> ask,
      Promise<AccessToken> promise) {
    // At once: a refused token must not be sent by others meanwhile.
    state = before;
    // Composed, so that even what ask throws ends as a failure and never leaves this under way.
    Future.succeededFuture()
        .compose(start -> ask.get())
        .onComplete(
            token -> {
              tellOfToken(before);
              state = new State(replacing ? token.asReplacement() : token, Failures.NONE);
              tellListeners();
              settle(promise, state);
            },
            cause -> {
              Failures failures = failed(before.failures(), cause, time.nanos());
              tellOfFailure(before.failures(), failures);
              state = new State(before.token(), failures);
              tellListeners();
              settle(promise, state);
            });
  }

  /** Before what was asked for ends: whoever waits for that finds the next time set already. */
  private void tellListeners() {
    listeners.keySet().forEach(Runnable::run);
  }

  /** Ends being at it; the outcome is the state's. */
  private void settle(Promise<AccessToken> promise, State outcome) {
    underWay.set(null);
    if (outcome.failures().count() > 0) {
      promise.fail(outcome.failures().last());
    } else {
      promise.complete(outcome.token());
    }
  }

  private Failures failed(Failures before, Throwable cause, long nanos) {
    TokenException failure =
        cause instanceof TokenException known ? known : new TokenException(false, Reason.of(cause));
    int count = before.count() + 1;
    int refusals = failure.isRefusal() ? before.refusals() + 1 : 0;
    Doubling delay = refusals >= BELIEVED_REFUSALS ? REFUSED_DELAY : DELAY;
    long retryAt = nanos + TimeUnit.MILLISECONDS.toNanos(delay.delay(count, random));
    return new Failures(failure, count, refusals, retryAt);
  }

  private void tellOfToken(State before) {
    if (before.failures().count() > 0) {
      LOG.info("{} {}: got a token after {} failures", users(), access, before.failures().count());
    } else {
      LOG.debug("{} {}: got a token", users(), access);
    }
  }

  private void tellOfFailure(Failures before, Failures after) {
    String why = after.last().getMessage();
    if (before.count() == 0) {
      LOG.warn("{} {}: no token: {}; asking until there is", users(), access, why);
    } else {
      LOG.debug("{} {}: no token: {}", users(), access, why);
    }
  }

  /** The sections of the applications that use it. */
  private List<String> users() {
    return listeners.values().stream().sorted().toList();
  }
}
