// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.AccountNames;
import org.pushserver.tokens.DeadDevice;
import org.pushserver.tokens.DeviceIds;
import org.pushserver.tokens.StoredToken;
import org.pushserver.tokens.TokenCount;
import org.pushserver.tokens.TokenPage;
import org.pushserver.tokens.TokenStore;
import org.pushserver.tokens.TokenStoreException;
import org.pushserver.tokens.TokenStoreState;

/** A store that nothing outlives, and that a test can make unusable. Any thread. */
public final class MemoryTokenStore implements TokenStore {
  /** By the number under which each was stored, which a renewal keeps. */
  private final TreeMap<Long, StoredToken> tokens = new TreeMap<>();

  private final List<DeadDevice> dead = new ArrayList<>();
  private long last;
  private int lookUps;
  private String problem = "";
  private boolean closed;
  private boolean needsDomains;

  /** Takes no account without a domain from now on. */
  public synchronized void refuseAccountsWithoutDomain() {
    needsDomains = true;
  }

  @Override
  public synchronized String refusal(String account) {
    return needsDomains && account.indexOf('@') < 0 ? "account must be user@domain" : null;
  }

  /**
   * Makes everything fail from now on.
   *
   * @param why what is wrong and what to do; empty to make it well again
   */
  public synchronized void fail(String why) {
    problem = why;
  }

  /** What is stored, in the order in which it came. */
  public synchronized List<StoredToken> stored() {
    return List.copyOf(tokens.values());
  }

  /** What was said to be dead. */
  public synchronized List<DeadDevice> saidDead() {
    return List.copyOf(dead);
  }

  /** How often the devices of an account were asked for. */
  public synchronized int lookUps() {
    return lookUps;
  }

  /** Whether it was closed. */
  public synchronized boolean isClosed() {
    return closed;
  }

  private <T> Future<T> answer(Callable<T> question) {
    Context context = Vertx.currentContext();
    Promise<T> answer = Promise.promise();
    Future<T> told = answer.future();
    if (context != null) {
      Promise<T> there = Promise.promise();
      told.onComplete(done -> context.runOnContext(turn -> there.handle(done)));
      told = there.future();
    }
    synchronized (this) {
      try {
        if (problem.isEmpty()) {
          answer.complete(question.call());
        } else {
          answer.fail(new TokenStoreException(problem));
        }
      } catch (Exception e) {
        answer.fail(e);
      }
    }
    return told;
  }

  private int removeIf(Predicate<StoredToken> condition) {
    int before = tokens.size();
    tokens.values().removeIf(condition);
    return before - tokens.size();
  }

  private static boolean isKey(StoredToken one, String account, String appId) {
    return one.account().equals(account) && one.app().appId().equals(appId);
  }

  @Override
  public Future<Void> add(StoredToken given) {
    return answer(
        () -> {
          StoredToken token = given.with(AccountNames.canonical(given.account()));
          String appId = token.app().appId();
          long number = ++last;
          for (Map.Entry<Long, StoredToken> one : tokens.entrySet()) {
            if (isKey(one.getValue(), token.account(), appId)
                && one.getValue().deviceId().equals(token.deviceId())) {
              number = one.getKey();
            }
          }
          int unused =
              removeIf(
                  one ->
                      one.app().appId().equals(appId)
                          && (one.rings(token.token())
                              || (one.account().equals(token.account())
                                  && DeviceIds.isSame(one.deviceId(), token.deviceId()))));
          StoredToken unusedBefore = tokens.put(number, token);
          return null;
        });
  }

  @Override
  public Future<Removal> remove(String account, String appId, String deviceId) {
    String name = AccountNames.canonical(account);
    return answer(
        () -> {
          if (tokens.values().stream().noneMatch(one -> one.account().equals(name))) {
            return Removal.NO_SUCH_ACCOUNT;
          }
          int removed =
              removeIf(
                  one -> isKey(one, name, appId) && DeviceIds.isSame(one.deviceId(), deviceId));
          return removed > 0 ? Removal.REMOVED : Removal.NO_SUCH_DEVICE;
        });
  }

  @Override
  public Future<List<StoredToken>> devices(String account) {
    String name = AccountNames.canonical(account);
    return answer(
        () -> {
          lookUps++;
          return tokens.values().stream()
              .filter(one -> one.account().equals(name))
              .sorted(StoredToken.ORDER)
              .toList();
        });
  }

  @Override
  public Future<Integer> dead(DeadDevice device) {
    return answer(
        () -> {
          boolean unused = dead.add(device);
          int found = 0;
          for (Map.Entry<Long, StoredToken> one : Map.copyOf(tokens).entrySet()) {
            StoredToken token = one.getValue();
            if (token.app().equals(device.app())
                && token.has(device.token())
                && token.storedAt() <= device.since()) {
              StoredToken unusedBefore =
                  tokens.compute(one.getKey(), (key, was) -> was.without(device.token()));
              found++;
            }
          }
          return found;
        });
  }

  @Override
  public synchronized void seen(StoredToken token, long now) {
    tokens.replaceAll(
        (number, one) ->
            isKey(one, AccountNames.canonical(token.account()), token.app().appId())
                    && one.deviceId().equals(token.deviceId())
                ? one.seen(now)
                : one);
  }

  @Override
  public Future<TokenPage> list(String after, int most) {
    return answer(
        () -> {
          long from = after == null ? 0 : Long.parseLong(after);
          List<Long> numbers =
              tokens.tailMap(from, false).keySet().stream().limit(most + 1L).toList();
          boolean more = numbers.size() > most;
          List<Long> these = more ? numbers.subList(0, most) : numbers;
          return new TokenPage(
              these.stream().map(tokens::get).toList(),
              more ? these.get(most - 1).toString() : null);
        });
  }

  @Override
  public Future<TokenCount> count() {
    return answer(
        () -> {
          Set<String> accounts = new HashSet<>();
          tokens.values().forEach(one -> accounts.add(one.account()));
          Map<AppKey, Long> devices =
              tokens.values().stream()
                  .collect(Collectors.groupingBy(StoredToken::app, Collectors.counting()));
          return new TokenCount(accounts.size(), devices);
        });
  }

  @Override
  public synchronized TokenStoreState state() {
    return new TokenStoreState("Memory", problem.isEmpty(), problem);
  }

  @Override
  public synchronized Future<Void> close() {
    closed = true;
    return Future.succeededFuture();
  }
}
