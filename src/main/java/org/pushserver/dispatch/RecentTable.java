// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.pushserver.compact.HashIndex;
import org.pushserver.compact.RecordBuffer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Push;

/**
 * The pushes of the last minutes as records of bytes, by age, by their id and by call-id: at full
 * load they come and go too fast for objects. Knows no rules. An entry is named by its address,
 * which is good until the entry is forgotten. Not for several threads at once.
 *
 * <p>The index of calls leads to the newest entry of a call, and each entry to the one before it.
 */
final class RecentTable {
  /** No entry. */
  static final int NONE = -1;

  /** Its phone woke up. */
  static final int WOKEN = 1;

  /** Its phone showed it. */
  static final int DISPLAYED = 2;

  /** Its call is over. */
  static final int OVER = 4;

  /** Nobody is to find it any more. */
  private static final int GONE = 8;

  /** No other of its call came later. */
  private static final int NEWEST = 16;

  /** An entry begins with numbers, at these places. */
  private static final int LENGTH = 0;

  private static final int STATE = 4;
  private static final int APP = 8;
  private static final int EVENT = 12;
  private static final int ID = 16;
  private static final int ACCEPTED = 32;
  private static final int DELIVERED = 40;
  private static final int AT = 48;
  private static final int NUMBER = 56;
  private static final int EARLIER_NUMBER = 64;
  private static final int EARLIER = 72;
  private static final int CALL_HASH = 76;
  private static final int DEVICE_HASH = 80;

  /** Here the texts begin: call-id and device-id. */
  private static final int TEXTS = 88;

  private final int longest;
  private final ByteRing ring;
  private final HashIndex ids = new HashIndex();
  private final HashIndex calls = new HashIndex();
  private final long secret = ThreadLocalRandom.current().nextLong() | 1;
  private final RecordBuffer buffer = new RecordBuffer();

  /** Each application that ever sent has a number, and so has each event. */
  private final Numbers<AppKey> apps = new Numbers<>();

  private final Numbers<Event> events = new Numbers<>();

  private int size;
  private long added;

  /** Of what is in the buffer. */
  private int callEnd;

  private int callHash;

  /** What is known by a number. */
  private static final class Numbers<T> {
    private final List<T> all = new ArrayList<>();
    private final Map<T, Integer> numbers = new HashMap<>();

    int of(T one) {
      Integer known = numbers.get(one);
      if (known != null) {
        return known;
      }
      numbers.put(one, all.size());
      all.add(one);
      return all.size() - 1;
    }

    T get(int number) {
      return all.get(number);
    }
  }

  /**
   * @param most what all entries but the newest will have at most, in bytes, and any one of them;
   *     at most a quarter of a GiB
   */
  RecentTable(int most) {
    this.longest = most;
    this.ring = new ByteRing(2 * most);
  }

  /** How many entries there are. */
  int size() {
    return size;
  }

  /** What is taken of the heap, in bytes, but for pages that have room. */
  long bytes() {
    return (long) ring.used() + ids.bytes() + calls.bytes();
  }

  /**
   * Adds a push. One that is too long for the table is not added.
   *
   * @param at when, in milliseconds
   * @param deliveredAt milliseconds since the epoch; 0 while that is not known
   */
  void add(Push push, long at, long deliveredAt) {
    writeCall(push.callId());
    buffer.writeText(push.device().id());
    int length = (buffer.position() + ByteRing.UNIT - 1) / ByteRing.UNIT * ByteRing.UNIT;
    if (length > longest) {
      return;
    }
    int call = push.callId().isEmpty() ? HashIndex.NONE : findCall();
    int before = call == HashIndex.NONE ? NONE : calls.address(call);
    byte[] bytes = buffer.array(length);
    buffer.putInt(LENGTH, length);
    buffer.putInt(STATE, push.callId().isEmpty() ? 0 : NEWEST);
    buffer.putInt(APP, apps.of(push.app()));
    buffer.putInt(EVENT, events.of(push.event()));
    buffer.putLong(ID, push.id().getMostSignificantBits());
    buffer.putLong(ID + Long.BYTES, push.id().getLeastSignificantBits());
    buffer.putLong(ACCEPTED, push.bornAt());
    buffer.putLong(DELIVERED, deliveredAt);
    buffer.putLong(AT, at);
    buffer.putLong(NUMBER, added);
    buffer.putLong(EARLIER_NUMBER, before == NONE ? -1 : ring.getLong(before + NUMBER));
    buffer.putInt(EARLIER, before);
    buffer.putInt(CALL_HASH, callHash);
    buffer.putInt(DEVICE_HASH, push.device().registration().hashCode());
    append(bytes, length, push, call, before);
  }

  private void append(byte[] bytes, int length, Push push, int call, int before) {
    int entry = ring.append(bytes, length);
    size++;
    added++;
    ids.add(hash(push.id()), entry);
    if (before != NONE) {
      ring.putInt(before + STATE, ring.getInt(before + STATE) & ~NEWEST);
      calls.replace(call, entry);
    } else if (!push.callId().isEmpty()) {
      calls.add(callHash, entry);
    }
  }

  private void writeCall(String callId) {
    buffer.begin(TEXTS);
    buffer.writeText(callId);
    callEnd = buffer.position();
    callHash = fold(buffer.hash(TEXTS, secret, secret));
  }

  private static int fold(long hash) {
    return (int) (hash ^ hash >>> Integer.SIZE);
  }

  private static int hash(UUID id) {
    return fold(id.getMostSignificantBits() ^ id.getLeastSignificantBits());
  }

  private int findCall() {
    int place = calls.first(callHash);
    while (place != HashIndex.NONE && !isOfCall(calls.address(place))) {
      place = calls.next(place);
    }
    return place;
  }

  private boolean isOfCall(int entry) {
    return callEnd <= ring.getInt(entry + LENGTH)
        && ring.has(entry + TEXTS, buffer.array(callEnd), TEXTS, callEnd);
  }

  /** The entry of a push; {@link #NONE} when it is not known. */
  int find(UUID id) {
    int place = ids.first(hash(id));
    while (place != HashIndex.NONE && !isOf(ids.address(place), id)) {
      place = ids.next(place);
    }
    return place == HashIndex.NONE ? NONE : ids.address(place);
  }

  private boolean isOf(int entry, UUID id) {
    return ring.getLong(entry + ID) == id.getMostSignificantBits()
        && ring.getLong(entry + ID + Long.BYTES) == id.getLeastSignificantBits();
  }

  /** The newest entry of a call, gone or not; {@link #NONE} when the call is not known. */
  int newest(String callId) {
    if (callId.isEmpty()) {
      return NONE;
    }
    writeCall(callId);
    int call = findCall();
    return call == HashIndex.NONE ? NONE : calls.address(call);
  }

  /**
   * The entry of the same call before this one, gone or not; {@link #NONE} when it is the first.
   */
  int earlier(int entry) {
    boolean isThere = ring.getLong(entry + EARLIER_NUMBER) >= oldestNumber();
    return isThere ? ring.getInt(entry + EARLIER) : NONE;
  }

  private long oldestNumber() {
    return ring.getLong(ring.oldest() + NUMBER);
  }

  /** What an entry says. */
  RecentPush push(int entry) {
    int length = ring.getInt(entry + LENGTH);
    buffer.begin(TEXTS);
    ring.read(entry, buffer.array(length), length);
    return new RecentPush(
        new UUID(ring.getLong(entry + ID), ring.getLong(entry + ID + Long.BYTES)),
        app(entry),
        events.get(ring.getInt(entry + EVENT)),
        buffer.readText(),
        buffer.readText(),
        ring.getLong(entry + ACCEPTED),
        ring.getLong(entry + DELIVERED));
  }

  AppKey app(int entry) {
    return apps.get(ring.getInt(entry + APP));
  }

  /** Tells the devices of a call apart that have no device-id. */
  int deviceHash(int entry) {
    return ring.getInt(entry + DEVICE_HASH);
  }

  /** When an entry was added, in milliseconds. */
  long at(int entry) {
    return ring.getLong(entry + AT);
  }

  /** Notes when the push service had taken it, milliseconds since the epoch. */
  void delivered(int entry, long at) {
    ring.putInt(entry + DELIVERED, (int) (at >>> Integer.SIZE));
    ring.putInt(entry + DELIVERED + Integer.BYTES, (int) at);
  }

  boolean is(int entry, int state) {
    return (ring.getInt(entry + STATE) & state) != 0;
  }

  /** Adds to what is known of an entry. */
  void note(int entry, int state) {
    ring.putInt(entry + STATE, ring.getInt(entry + STATE) | state);
  }

  /** Whether it was dropped. */
  boolean isGone(int entry) {
    return is(entry, GONE);
  }

  /** Lets nobody find an entry any more. */
  void drop(int entry) {
    if (!isGone(entry)) {
      note(entry, GONE);
      ids.remove(ids.find(idHash(entry), entry));
    }
  }

  private int idHash(int entry) {
    return fold(ring.getLong(entry + ID) ^ ring.getLong(entry + ID + Long.BYTES));
  }

  /** When the oldest entry was added, in milliseconds; there must be one. */
  long oldestAt() {
    return at(ring.oldest());
  }

  /** Forgets the oldest entry; there must be one. */
  void forgetOldest() {
    int entry = ring.oldest();
    drop(entry);
    if (is(entry, NEWEST)) {
      calls.remove(calls.find(ring.getInt(entry + CALL_HASH), entry));
    }
    ring.removeOldest(ring.getInt(entry + LENGTH));
    size--;
  }
}
