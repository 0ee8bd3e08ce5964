// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushserver.events.Application;
import org.pushserver.events.Attempt;
import org.pushserver.events.PushListener;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the store true to what push services say: a dead token goes from it whichever way it was
 * found, unless the device registered again since then, or the service suddenly knows none of an
 * application's tokens; and of a stored device that was reached it is noted that it was seen.
 * Removals are asked for later, and no push waits for them. Any thread.
 */
public final class DeadTokenRemoval implements PushListener {
  private static final Logger LOG = LoggerFactory.getLogger(DeadTokenRemoval.class);

  /** So many of an application need not be looked up again on the same day. */
  private static final int SEEN = 10_000;

  private final TokenStore store;
  private final DeadTokenQueue queue;
  private final Map<AppKey, OfOne> all = new ConcurrentHashMap<>();

  public DeadTokenRemoval(TokenStore store, Time time) {
    this.store = store;
    this.queue = new DeadTokenQueue(store, time);
  }

  @Override
  public PushListener of(Application application) {
    OfOne one = new OfOne(application);
    all.put(application.key(), one);
    return one;
  }

  /** How many records have gone. */
  public long removed() {
    return queue.removed();
  }

  /** How many dead tokens there was no room for; each goes when it is found dead again. */
  public long forgotten() {
    return queue.forgotten();
  }

  /** How many dead tokens wait to be removed. */
  public int waiting() {
    return queue.length();
  }

  /** Of which applications nothing is removed, because all their tokens seem to be dead. */
  public List<AppKey> keeping() {
    return all.entrySet().stream()
        .filter(one -> one.getValue().guard.isTold())
        .map(Map.Entry::getKey)
        .sorted((one, other) -> one.toString().compareTo(other.toString()))
        .toList();
  }

  /** What is wrong and what to do, in an operator's words; empty while nothing is. */
  public String problem() {
    List<AppKey> kept = keeping();
    return kept.isEmpty()
        ? ""
        : "dead tokens of "
            + kept.stream().map(AppKey::toString).collect(Collectors.joining(", "))
            + " stay in the store, since the push service knows none of its tokens: check URL and"
            + " credentials of the application";
  }

  /** Lets go of what waits; nothing more is asked of the store. */
  public void close() {
    queue.close();
  }

  /** What it knows of one application; on the event loop of that. */
  private final class OfOne implements PushListener {
    private final AppKey app;

    /** By each of them its devices may have registered. */
    private final List<AppKey> names;

    private final DeadTokenGuard guard = new DeadTokenGuard();

    /**
     * The day of which it is known that they were seen, by account and token, of those that came as
     * bytes.
     */
    private final Map<String, Long> seenOn =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > SEEN;
          }
        };

    OfOne(Application application) {
      app = application.key();
      names =
          Stream.concat(
                  Stream.of(app),
                  application.aliases().stream().map(name -> new AppKey(name, app.platform())))
              .toList();
    }

    @Override
    public void attempted(Push push, Attempt attempt) {
      if (attempt.answer() instanceof Answer.Delivered) {
        delivered(push, attempt);
      } else if (attempt.answer() instanceof Answer.DeadToken dead) {
        dead(push, attempt, dead);
      }
    }

    @Override
    public void late(Push push, Attempt attempt) {
      attempted(push, attempt);
    }

    @Override
    public void repeated(Push push, Attempt attempt) {
      attempted(push, attempt);
    }

    @Override
    public void left() {
      // Another one of the same name may have come before.
      all.remove(app, this);
    }

    private List<DeadDevice> devices(Push push, long since) {
      String token = push.device().token();
      StoredToken stored = stored(push);
      if (stored != null) {
        // As it is stored: that may be a further name of the application that sends.
        return List.of(
            new DeadDevice(stored.app(), token, stored.account(), stored.deviceId(), since));
      }
      String account =
          push.account() == null ? Callee.account(push.details().to()) : push.account();
      String deviceId = push.device().id();
      return names.stream()
          .map(name -> new DeadDevice(name, token, account, deviceId, since))
          .toList();
    }

    private void delivered(Push push, Attempt attempt) {
      if (guard.delivered()) {
        LOG.info(
            "{}: its push service knows tokens again; dead ones are removed from the store as"
                + " before",
            app);
      }
      StoredToken stored = stored(push);
      if (stored != null) {
        store.seen(stored, attempt.startedAt());
      } else if (push.account() != null && !(push.asker() instanceof DeviceAsker)) {
        findSeen(push, attempt.startedAt());
      }
    }

    /** It comes from the spool, or from another server: the device as it was stored did not. */
    private void findSeen(Push push, long at) {
      String token = push.device().token();
      Long day = TimeUnit.MILLISECONDS.toDays(at);
      String device = push.account() + '\n' + token;
      if (isNoted(device, day)) {
        return;
      }
      store
          .devices(push.account())
          .onSuccess(
              devices ->
                  devices.stream()
                      .filter(one -> names.contains(one.app()) && one.has(token))
                      .forEach(one -> store.seen(one, at)))
          .onFailure(
              cause -> {
                forget(device, day);
                LOG.debug("{}: a device that was reached is not noted", app, cause);
              });
    }

    private boolean isNoted(String device, Long day) {
      synchronized (seenOn) {
        return day.equals(seenOn.put(device, day));
      }
    }

    /** On the thread of the store. */
    private void forget(String device, Long day) {
      synchronized (seenOn) {
        boolean unused = seenOn.remove(device, day);
      }
    }

    private void dead(Push push, Attempt attempt, Answer.DeadToken dead) {
      if (guard.mayGo(dead.wasKnown(), push.device().token())) {
        devices(push, since(attempt, dead)).forEach(queue::add);
      } else if (guard.isToBeTold()) {
        LOG.warn(
            "{}: its push service knows none of these devices, and nothing was delivered of the last"
                + " {} pushes. Probably it is the wrong environment (sandbox or production) or"
                + " project that is asked, and the tokens are good: they stay in the store. Check"
                + " URL and credentials of this application; see troubleshooting.md, \"Sandbox and"
                + " production\"",
            app,
            guard.looked());
      }
    }
  }

  /** Never later than when it was sent: what the service says may be by a clock that is ahead. */
  private static long since(Attempt attempt, Answer.DeadToken dead) {
    return dead.since() == 0 ? attempt.startedAt() : Math.min(dead.since(), attempt.startedAt());
  }

  /** Null for a device that a request named; whoever asked may have named this one after it. */
  private static StoredToken stored(Push push) {
    return push.asker() instanceof DeviceAsker asker && asker.device().has(push.device().token())
        ? asker.device()
        : null;
  }
}
