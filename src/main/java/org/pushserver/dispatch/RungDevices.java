// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.ArrayList;
import java.util.List;
import org.pushserver.events.PushListener;
import org.pushserver.push.Kind;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.spi.Time;

/**
 * The devices that were rung within the last minutes, by their call-id: so that a call can be
 * cancelled by that alone, whichever application they belong to. All is changed under one lock,
 * which is held for less than a microsecond, so a ring and a cancel that come at the same moment
 * meet. Any thread.
 *
 * <p>Memory is bounded by their number and by the length of their texts; the oldest are forgotten
 * first.
 */
public final class RungDevices implements PushListener {
  static final int MOST = 100_000;

  /** Longer than a phone rings. */
  static final long REMEMBERED_MS = 180_000;

  /**
   * A cancel of which nothing is known has overtaken its rings, which come within this time: a lost
   * packet of a new connection costs one second, and the next one two more. Not longer, for a PBX
   * may go on with other phones under the same call-id.
   */
  static final long OVERTAKEN_MS = 3_000;

  /** The share of the heap that they may take. */
  private static final int SHARE = 32;

  /** However large the heap is: twice what the most take with ordinary texts. */
  private static final int MOST_BYTES = 1 << 26;

  private final Time time;
  private final int mostBytes;
  private final RungTable table;
  private final OvertakingCancels overtaking;
  private final Object lock = new Object();

  /** Those that are known so far are none. */
  public RungDevices(Time time) {
    this(time, Runtime.getRuntime().maxMemory() / SHARE);
  }

  /**
   * @param mostBytes what they may take
   */
  RungDevices(Time time, long mostBytes) {
    this.time = time;
    this.mostBytes = (int) Math.min(mostBytes, MOST_BYTES);
    this.table = new RungTable(this.mostBytes);
    this.overtaking = new OvertakingCancels(this.mostBytes / 2, OVERTAKEN_MS);
  }

  /**
   * Takes a push into account that is about to be sent.
   *
   * @return whether it need not be: a ring that a cancel has overtaken
   */
  public boolean isOver(Push push) {
    if (push.callId().isEmpty()) {
      return false;
    }
    return switch (push.event().kind()) {
      case RING -> isOverRing(push);
      case CANCEL -> {
        // The call stays known: who cancels it again has overtaken nothing.
        drop(push);
        yield false;
      }
      default -> false;
    };
  }

  private boolean isOverRing(Push ring) {
    long now = time.millis();
    synchronized (lock) {
      if (overtaking.isOver(ring, now)) {
        return true;
      }
      table.add(ring, now);
      forget(now);
      return false;
    }
  }

  private void drop(Push push) {
    synchronized (lock) {
      int entry = table.find(push);
      if (entry != RungTable.NONE) {
        table.drop(entry);
      }
    }
  }

  private void forget(long now) {
    while (table.size() > 0 && (now - table.oldestAt() >= REMEMBERED_MS || isFull())) {
      table.forgetOldest();
    }
  }

  private boolean isFull() {
    return table.size() > MOST || table.bytes() + overtaking.bytes() > mostBytes;
  }

  /**
   * Cancels a call.
   *
   * @return the devices that are to be told, or whose rings are to be withdrawn; no cancel gets one
   *     of them again unless it is rung again
   */
  List<RungDevice> cancel(CallCancel cancel) {
    long now = time.millis();
    synchronized (lock) {
      int newest = table.newest(cancel.callId());
      if (newest != RungTable.NONE) {
        return take(newest, cancel, now);
      }
      overtaking.add(cancel, now);
      table.add(cancel.callId(), now);
      forget(now);
      return List.of();
    }
  }

  /** As {@link #cancel}; but of a call of which nothing is known no ring is taken for overtaken. */
  public List<RungDevice> take(CallCancel cancel) {
    long now = time.millis();
    synchronized (lock) {
      int newest = table.newest(cancel.callId());
      return newest == RungTable.NONE ? List.of() : take(newest, cancel, now);
    }
  }

  private List<RungDevice> take(int newest, CallCancel cancel, long now) {
    List<RungDevice> found = new ArrayList<>(2);
    for (int entry : table.live(newest)) {
      RungDevice device = table.device(entry);
      if (cancel.concerns(device.app(), device.device())) {
        if (now - table.at(entry) < REMEMBERED_MS) {
          found.add(device);
        }
        table.drop(entry);
      }
    }
    return found;
  }

  /** One who wanted a device to ring has been answered. */
  void answered(Push ring) {
    synchronized (lock) {
      int entry = table.find(ring);
      if (entry != RungTable.NONE) {
        table.wanted(entry, table.wanted(entry) - 1);
      }
    }
  }

  /**
   * One who wanted a device to ring has gone away before the answer.
   *
   * @return whether nobody else wants it, so that it is to be cancelled
   */
  boolean left(Push ring) {
    synchronized (lock) {
      int entry = table.find(ring);
      if (entry == RungTable.NONE) {
        return false;
      }
      int wanted = table.wanted(entry) - 1;
      table.wanted(entry, wanted);
      if (wanted > 0) {
        return false;
      }
      table.drop(entry);
      return true;
    }
  }

  /** A phone that was not reached need not be told. */
  @Override
  public void ended(Push push, Outcome outcome, long now) {
    if (push.event().kind() != Kind.RING || push.callId().isEmpty()) {
      return;
    }
    switch (outcome.result()) {
      case REFUSED, DEAD_TOKEN, SUPERSEDED -> notReached(push);
      case OVERLOADED -> {
        boolean unused = left(push);
      }
      default -> {
        // On the phone, or perhaps.
      }
    }
  }

  /** Unless it has been rung again meanwhile. */
  private void notReached(Push ring) {
    synchronized (lock) {
      int entry = table.find(ring);
      if (entry != RungTable.NONE && table.isOf(entry, ring.id())) {
        table.drop(entry);
      }
    }
  }

  /** How many entries there are. */
  int size() {
    synchronized (lock) {
      return table.size();
    }
  }

  /** How many call-ids are known. */
  int calls() {
    synchronized (lock) {
      return table.calls();
    }
  }

  /** What they take: of rings as it is, of cancels by estimate. */
  long bytes() {
    synchronized (lock) {
      return table.bytes() + overtaking.bytes();
    }
  }
}
