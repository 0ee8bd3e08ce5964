// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import org.pushserver.events.Attempt;
import org.pushserver.events.PushListener;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Kind;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.queue.RepeatGuard;
import org.pushserver.spi.Time;

/**
 * The pushes of the last minutes, so that what a phone says of one finds it; and what phones have
 * said. Not the cancels: of them a phone has nothing to say. All is changed under one lock, which
 * is held for about a microsecond. Any thread.
 *
 * <p>Memory is bounded by their number and by the length of their texts; the oldest are forgotten
 * first.
 */
public final class RecentPushes implements PushListener, RepeatGuard {
  static final int MOST = 300_000;

  /** A phone that was off comes back, and wakes up for a push that its service has kept. */
  static final long REMEMBERED_MS = 600_000;

  /** What waited for longer than this before it was delivered is remembered anew. */
  private static final long WAITED_MS = 60_000;

  /** Of a call more are not looked at: a conference of so many has device-ids and push ids. */
  private static final int MOST_OF_CALL = 1_000;

  /** The share of the heap that they may take. */
  private static final int SHARE = 32;

  /** However large the heap is: twice what the most take with ordinary texts. */
  private static final int MOST_BYTES = 1 << 27;

  private final Time time;
  private final int mostBytes;
  private final RecentTable table;
  private final Object lock = new Object();

  /** What was news of what a phone said. */
  public record News(boolean woken, boolean displayed) {}

  /** What tells two phones of a call apart. */
  private record Phone(AppKey app, String id, int hash) {}

  public RecentPushes(Time time) {
    this(time, Runtime.getRuntime().maxMemory() / SHARE);
  }

  /**
   * @param mostBytes what they may take
   */
  RecentPushes(Time time, long mostBytes) {
    this.time = time;
    this.mostBytes = (int) Math.min(mostBytes, MOST_BYTES);
    this.table = new RecentTable(this.mostBytes);
  }

  @Override
  public void accepted(Push push, boolean isAwaited) {
    if (push.event().kind() != Kind.CANCEL) {
      long now = time.millis();
      synchronized (lock) {
        add(push, now, 0);
      }
    }
  }

  private void add(Push push, long now, long deliveredAt) {
    table.add(push, now, deliveredAt);
    while (table.size() > 0 && (now - table.oldestAt() >= REMEMBERED_MS || isFull())) {
      table.forgetOldest();
    }
  }

  private boolean isFull() {
    return table.size() > MOST || table.bytes() > mostBytes;
  }

  /** What goes to the phone is the other one. */
  @Override
  public void joined(Push push, Push same) {
    drop(push);
  }

  @Override
  public void late(Push push, Attempt attempt) {
    if (attempt.answer() instanceof Answer.Delivered) {
      delivered(push, time.now());
    }
  }

  @Override
  public void ended(Push push, Outcome outcome, long now) {
    switch (outcome.result()) {
      case DELIVERED -> delivered(push, now);
      case REFUSED, DEAD_TOKEN, SUPERSEDED, OVERLOADED -> drop(push);
      default -> {
        // It may be on the phone.
      }
    }
  }

  private void delivered(Push push, long at) {
    if (push.event().kind() == Kind.CANCEL) {
      return;
    }
    long now = time.millis();
    synchronized (lock) {
      int entry = table.find(push.id());
      if (entry == RecentTable.NONE) {
        add(push, now, at);
      } else if (now - table.at(entry) > WAITED_MS) {
        boolean isOver = table.is(entry, RecentTable.OVER);
        table.drop(entry);
        add(push, now, at);
        if (isOver) {
          over(push.callId(), push.app()::equals);
        }
      } else {
        table.delivered(entry, at);
      }
    }
  }

  private void drop(Push push) {
    synchronized (lock) {
      int entry = table.find(push.id());
      if (entry != RecentTable.NONE) {
        table.drop(entry);
      }
    }
  }

  /** The push of an id; empty when it is not known, or no more. */
  public Optional<RecentPush> find(UUID id) {
    synchronized (lock) {
      int entry = table.find(id);
      return isForgotten(entry) ? Optional.empty() : Optional.of(table.push(entry));
    }
  }

  private boolean isForgotten(int entry) {
    return entry == RecentTable.NONE || time.millis() - table.at(entry) >= REMEMBERED_MS;
  }

  /**
   * The pushes of a call that a phone may speak of: of each phone one, its newest ring if it has
   * any, else its newest push.
   *
   * @param deviceId of the only phone that is meant, in lower case; null for all
   * @param registered the hash of what the only phone that is meant is registered under; null for
   *     all
   * @param allowed whose pushes are meant
   */
  public List<RecentPush> find(
      String callId, String deviceId, Integer registered, Predicate<AppKey> allowed) {
    Map<Phone, RecentPush> found = new HashMap<>();
    synchronized (lock) {
      int entry = table.newest(callId);
      for (int seen = 0; seen < MOST_OF_CALL && !isForgotten(entry); seen++) {
        if (!table.isGone(entry) && allowed.test(table.app(entry))) {
          RecentPush push = table.push(entry);
          int hash = table.deviceHash(entry);
          Phone phone = phone(push, hash);
          if ((deviceId == null || deviceId.equals(phone.id()))
              && (registered == null || registered == hash)) {
            found.merge(phone, push, RecentPushes::meant);
          }
        }
        entry = table.earlier(entry);
      }
    }
    return List.copyOf(found.values());
  }

  private static Phone phone(RecentPush push, int hash) {
    return push.deviceId() == null
        ? new Phone(push.app(), null, hash)
        : new Phone(push.app(), push.deviceId().toLowerCase(Locale.ROOT), 0);
  }

  private static RecentPush meant(RecentPush newer, RecentPush older) {
    return newer.event().kind() != Kind.RING && older.event().kind() == Kind.RING ? older : newer;
  }

  /**
   * Notes what a phone says of a push.
   *
   * @return what of it was not known; empty when the push is not known any more
   */
  public Optional<News> note(UUID id, boolean woken, boolean displayed) {
    synchronized (lock) {
      int entry = table.find(id);
      if (entry == RecentTable.NONE) {
        return Optional.empty();
      }
      News news =
          new News(
              woken && !table.is(entry, RecentTable.WOKEN),
              displayed && !table.is(entry, RecentTable.DISPLAYED));
      table.note(entry, (woken ? RecentTable.WOKEN : 0) | (displayed ? RecentTable.DISPLAYED : 0));
      return Optional.of(news);
    }
  }

  @Override
  public boolean mayRepeat(Push ring) {
    synchronized (lock) {
      int entry = table.find(ring.id());
      return entry != RecentTable.NONE
          && !table.is(entry, RecentTable.WOKEN | RecentTable.DISPLAYED | RecentTable.OVER);
    }
  }

  @Override
  public void over(String callId, Predicate<AppKey> allowed) {
    synchronized (lock) {
      int entry = table.newest(callId);
      // Of a conference that ends for one after the other, each is looked at once.
      while (entry != RecentTable.NONE && !table.is(entry, RecentTable.OVER)) {
        if (allowed.test(table.app(entry))) {
          table.note(entry, RecentTable.OVER);
        }
        entry = table.earlier(entry);
      }
    }
  }

  /** How many there are. */
  int size() {
    synchronized (lock) {
      return table.size();
    }
  }

  /** What they take, in bytes. */
  long bytes() {
    synchronized (lock) {
      return table.bytes();
    }
  }
}
