// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.pushserver.events.PushListener;
import org.pushserver.push.AppKey;
import org.pushserver.push.Kind;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.spi.Time;

/**
 * The devices that were rung within the last minutes, by their call-id: so that a call can be
 * cancelled by that alone, whichever application they belong to. All of a call is changed at one
 * place, so a ring and a cancel that come at the same moment meet. Any thread.
 *
 * <p>Memory is bounded by their number and by the length of their texts; the oldest are forgotten
 * first.
 */
final class RungDevices implements PushListener {
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
  private static final int SHARE = 16;

  /** Of an entry without its texts: itself, its places here, its call, and empty strings. */
  private static final int ENTRY = 600;

  /** What tells two devices of one call apart. */
  private record Key(AppKey app, String registration) {
    static Key of(Push push) {
      return new Key(push.app(), push.device().registration());
    }
  }

  /** One device, or the cancel that came before any. Changed within its call alone. */
  private static final class Entry {
    final String callId;

    /** Of its ring; null of a cancel. */
    final UUID id;

    final Key key;
    final long at;
    final int bytes;

    /** Null when nobody has to tell it any more. */
    RungDevice device;

    /** How many requests want it to ring. */
    int wanted = 1;

    Entry(Push ring, long at) {
      this.callId = ring.callId();
      this.id = ring.id();
      this.key = Key.of(ring);
      this.device = RungDevice.of(ring);
      this.at = at;
      this.bytes = ENTRY + callId.length() + device.length();
    }

    Entry(CallCancel cancel, long at) {
      this.callId = cancel.callId();
      this.id = null;
      this.key = null;
      this.at = at;
      this.bytes = ENTRY + cancel.length();
    }
  }

  /** What is known of one call-id. Most have one device: that needs no map. */
  private static final class Call {
    /** The one that is to be told when it is cancelled; null when there is none, or several. */
    private Entry lone;

    /** Those that are to be told, by what tells them apart; null while there are not several. */
    private Map<Key, Entry> several;

    /** How many entries there are, with those that are in the line of age alone. */
    int entries;

    /** What came before any ring; null when nothing did. */
    CallCancel overtook;

    /** So long that holds, by {@link Time#millis}. */
    long until;

    boolean isOver(Push ring, long now) {
      return overtook != null && now < until && overtook.concerns(ring.app(), ring.device());
    }

    void ring(Entry entry) {
      entries++;
      Entry before = put(entry);
      if (before != null) {
        entry.wanted += before.wanted;
        before.device = null;
      }
    }

    private Entry put(Entry entry) {
      if (several == null) {
        Entry before = lone;
        if (before == null || before.key.equals(entry.key)) {
          lone = entry;
          return before;
        }
        several = new LinkedHashMap<>();
        several.put(before.key, before);
        lone = null;
      }
      return several.put(entry.key, entry);
    }

    /** The entry of a device; null when it is not to be told. */
    Entry get(Key key) {
      if (several != null) {
        return several.get(key);
      }
      return lone != null && lone.key.equals(key) ? lone : null;
    }

    /** Takes a device out; false when it was not in. */
    boolean drop(Key key) {
      Entry entry = get(key);
      if (entry == null) {
        return false;
      }
      entry.device = null;
      remove(entry);
      return true;
    }

    /** Takes one out, if it is still the one of its device. */
    void remove(Entry entry) {
      if (several != null) {
        boolean unused = several.remove(entry.key, entry);
      } else if (Objects.equals(lone, entry)) {
        lone = null;
      }
    }

    /** Those that are to be told, as they came. */
    List<Entry> rung() {
      if (several != null) {
        return List.copyOf(several.values());
      }
      return lone == null ? List.of() : List.of(lone);
    }
  }

  private final Time time;
  private final long mostBytes;
  private final ConcurrentMap<String, Call> calls = new ConcurrentHashMap<>();

  /** By age. */
  private final Queue<Entry> line = new ConcurrentLinkedQueue<>();

  private final AtomicInteger size = new AtomicInteger();
  private final AtomicLong bytes = new AtomicLong();

  RungDevices(Time time) {
    this(time, Runtime.getRuntime().maxMemory() / SHARE);
  }

  /**
   * @param mostBytes what they may take, by estimate
   */
  RungDevices(Time time, long mostBytes) {
    this.time = time;
    this.mostBytes = mostBytes;
  }

  /**
   * Takes a push into account that is about to be sent.
   *
   * @return whether it need not be: a ring that a cancel has overtaken
   */
  boolean isOver(Push push) {
    if (push.callId().isEmpty()) {
      return false;
    }
    return switch (push.event().kind()) {
      case RING -> isOverRing(push);
      case CANCEL -> {
        calls.computeIfPresent(push.callId(), (id, call) -> cancelled(call, Key.of(push)));
        yield false;
      }
      default -> false;
    };
  }

  private boolean isOverRing(Push ring) {
    long now = time.millis();
    Entry entry = new Entry(ring, now);
    boolean[] over = {false};
    calls.compute(
        ring.callId(),
        (id, known) -> {
          Call call = known == null ? new Call() : known;
          over[0] = call.isOver(ring, now);
          if (!over[0]) {
            call.ring(entry);
          }
          return call;
        });
    if (!over[0]) {
      remember(entry, now);
    }
    return over[0];
  }

  /** The call stays known: who cancels it again has overtaken nothing. */
  private static Call cancelled(Call call, Key device) {
    boolean unused = call.drop(device);
    return call;
  }

  private void remember(Entry entry, long now) {
    line.add(entry);
    size.incrementAndGet();
    bytes.addAndGet(entry.bytes);
    Entry oldest = line.peek();
    while (oldest != null && (now - oldest.at >= REMEMBERED_MS || isFull())) {
      // Perhaps another one, when another thread does the same: as old as that.
      forget(line.poll());
      oldest = line.peek();
    }
  }

  private boolean isFull() {
    return size.get() > MOST || bytes.get() > mostBytes;
  }

  private void forget(Entry entry) {
    if (entry == null) {
      return;
    }
    size.decrementAndGet();
    bytes.addAndGet(-entry.bytes);
    calls.computeIfPresent(
        entry.callId,
        (id, call) -> {
          if (entry.key != null) {
            call.remove(entry);
          }
          call.entries--;
          return call.entries == 0 ? null : call;
        });
  }

  /**
   * Cancels a call.
   *
   * @return the devices that are to be told, or whose rings are to be withdrawn; no cancel gets one
   *     of them again unless it is rung again
   */
  List<RungDevice> cancel(CallCancel cancel) {
    long now = time.millis();
    List<RungDevice> found = new ArrayList<>(2);
    boolean[] first = {false};
    calls.compute(
        cancel.callId(),
        (id, known) -> {
          first[0] = known == null;
          if (known == null) {
            return overtaken(cancel, now);
          }
          take(known, cancel, now, found);
          return known;
        });
    if (first[0]) {
      remember(new Entry(cancel, now), now);
    }
    return found;
  }

  private static Call overtaken(CallCancel cancel, long now) {
    Call call = new Call();
    call.entries = 1;
    call.overtook = cancel;
    call.until = now + OVERTAKEN_MS;
    return call;
  }

  private static void take(Call call, CallCancel cancel, long now, List<RungDevice> found) {
    for (Entry entry : call.rung()) {
      RungDevice device = entry.device;
      if (cancel.concerns(device.app(), device.device())) {
        if (now - entry.at < REMEMBERED_MS) {
          found.add(device);
        }
        boolean unused = call.drop(entry.key);
      }
    }
  }

  /** One who wanted a device to ring has been answered. */
  void answered(Push ring) {
    calls.computeIfPresent(
        ring.callId(),
        (id, call) -> {
          Entry entry = call.get(Key.of(ring));
          if (entry != null) {
            entry.wanted--;
          }
          return call;
        });
  }

  /**
   * One who wanted a device to ring has gone away before the answer.
   *
   * @return whether nobody else wants it, so that it is to be cancelled
   */
  boolean left(Push ring) {
    boolean[] unwanted = {false};
    calls.computeIfPresent(
        ring.callId(),
        (id, call) -> {
          Entry entry = call.get(Key.of(ring));
          if (entry != null) {
            entry.wanted--;
            unwanted[0] = entry.wanted <= 0 && call.drop(Key.of(ring));
          }
          return call;
        });
    return unwanted[0];
  }

  /** A phone that was not reached need not be told. */
  @Override
  public void ended(Push push, Outcome outcome, long now) {
    if (push.event().kind() != Kind.RING || push.callId().isEmpty()) {
      return;
    }
    switch (outcome.result()) {
      case REFUSED, DEAD_TOKEN, SUPERSEDED ->
          calls.computeIfPresent(push.callId(), (id, call) -> notReached(call, push));
      case OVERLOADED -> {
        boolean unused = left(push);
      }
      default -> {
        // On the phone, or perhaps.
      }
    }
  }

  /** Unless it has been rung again meanwhile. */
  private static Call notReached(Call call, Push ring) {
    Entry entry = call.get(Key.of(ring));
    return entry != null && ring.id().equals(entry.id) ? cancelled(call, entry.key) : call;
  }

  /** How many entries there are. */
  int size() {
    return size.get();
  }

  /** How many call-ids are known. */
  int calls() {
    return calls.size();
  }

  /** What they take, by estimate. */
  long bytes() {
    return bytes.get();
  }
}
