// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static java.util.concurrent.TimeUnit.NANOSECONDS;

import io.micrometer.core.instrument.Timer;
import io.vertx.core.Future;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.pushserver.spi.Time;
import org.pushserver.tokens.Addition;
import org.pushserver.tokens.DeadDevice;
import org.pushserver.tokens.StoredToken;
import org.pushserver.tokens.TokenCount;
import org.pushserver.tokens.TokenPage;
import org.pushserver.tokens.TokenStore;
import org.pushserver.tokens.TokenStoreState;

/**
 * A store of which it is measured what is asked of it, and how long it takes. What it answers from
 * memory at once is counted, and not timed. Any thread.
 */
final class MeasuredTokenStore implements TokenStore {
  /** What is timed, each under its name. */
  enum Operation {
    /** A device registers. */
    ADD,
    /** A device is removed because somebody says so. */
    REMOVE,
    /** The devices of an account are looked up. */
    DEVICES,
    /** A dead token is removed. */
    DEAD
  }

  /** Where its times go. */
  interface Timers {
    /** The timer of an operation. */
    Timer of(Operation operation);
  }

  private final TokenStore store;
  private final Timers timers;
  private final Time time;
  private volatile Supplier<String> remark = () -> "";
  private final LongAdder added = new LongAdder();
  private final LongAdder removed = new LongAdder();
  private final LongAdder atOnce = new LongAdder();
  private final LongAdder looked = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder begun = new LongAdder();
  private final LongAdder ended = new LongAdder();

  MeasuredTokenStore(TokenStore store, Timers timers, Time time) {
    this.store = store;
    this.timers = timers;
    this.time = time;
  }

  /**
   * Lets somebody say what is wrong while nothing is wrong with the store itself.
   *
   * @param words an operator's; empty while there is nothing to say
   */
  void remark(Supplier<String> words) {
    remark = words;
  }

  /** Devices that were stored, or renewed. */
  long added() {
    return added.sum();
  }

  /** Devices that were removed because somebody said so. */
  long removed() {
    return removed.sum();
  }

  /** Accounts that were looked up in memory. */
  long hits() {
    return atOnce.sum();
  }

  /** Accounts that were looked up in the store. */
  long misses() {
    return looked.sum();
  }

  /** What the store could not do. */
  long failed() {
    return failed.sum();
  }

  /** What the store was asked and has not answered yet. */
  long underway() {
    return Math.max(0, begun.sum() - ended.sum());
  }

  private <T> Future<T> timed(Operation operation, Future<T> answer) {
    if (answer.isComplete()) {
      if (answer.failed()) {
        failed.increment();
      }
      return answer;
    }
    begun.increment();
    long start = time.nanos();
    return answer.onComplete(
        done -> {
          ended.increment();
          timers.of(operation).record(Math.max(0, time.nanos() - start), NANOSECONDS);
          if (done.failed()) {
            failed.increment();
          }
        });
  }

  @Override
  public String refusal(String account) {
    return store.refusal(account);
  }

  @Override
  public Future<Addition> addUnlessNewer(StoredToken token) {
    return store.addUnlessNewer(token);
  }

  @Override
  public Future<List<Addition>> addUnlessNewer(List<StoredToken> tokens) {
    return store.addUnlessNewer(tokens);
  }

  @Override
  public boolean isShared() {
    return store.isShared();
  }

  @Override
  public Future<Void> add(StoredToken token) {
    return timed(Operation.ADD, store.add(token)).onSuccess(done -> added.increment());
  }

  @Override
  public Future<Removal> remove(String account, String appId, String deviceId) {
    return timed(Operation.REMOVE, store.remove(account, appId, deviceId))
        .onSuccess(
            done -> {
              if (done == Removal.REMOVED) {
                removed.increment();
              }
            });
  }

  @Override
  public Future<List<StoredToken>> devices(String account) {
    Future<List<StoredToken>> answer = store.devices(account);
    if (answer.succeeded()) {
      atOnce.increment();
      return answer;
    }
    looked.increment();
    return timed(Operation.DEVICES, answer);
  }

  @Override
  public Future<Integer> dead(DeadDevice dead) {
    return timed(Operation.DEAD, store.dead(dead));
  }

  @Override
  public void seen(StoredToken token, long now) {
    store.seen(token, now);
  }

  @Override
  public Future<TokenPage> list(String after, int most) {
    return store.list(after, most);
  }

  @Override
  public Future<TokenCount> count() {
    return store.count();
  }

  @Override
  public TokenStoreState state() {
    TokenStoreState state = store.state();
    String words = state.problem().isEmpty() ? remark.get() : "";
    return words.isEmpty() ? state : new TokenStoreState(state.kind(), state.isUsable(), words);
  }

  @Override
  public void share() {
    store.share();
  }

  @Override
  public Future<Void> close() {
    return store.close();
  }
}
