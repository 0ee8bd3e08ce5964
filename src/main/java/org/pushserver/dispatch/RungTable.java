// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import org.pushserver.compact.HashIndex;
import org.pushserver.compact.RecordBuffer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Details;
import org.pushserver.push.Device;
import org.pushserver.push.Push;

/**
 * The rings of the last minutes as records of bytes, by age, by call-id and by device: at full load
 * they come and go too fast for objects. Knows what belongs together, and no rules. An entry is
 * named by its address, which is good until the entry is forgotten. Not for several threads at
 * once.
 *
 * <p>The entries of a call that are live are in a ring, as they came. So is its newest entry in any
 * case: the call is known as long as that is, and the index of calls leads to it. Most calls have
 * one device: that needs no index of devices, and each place in memory that is far away costs time.
 */
final class RungTable {
  /** No entry. */
  static final int NONE = -1;

  /** An entry begins with numbers, at these places. */
  private static final int LENGTH = 0;

  private static final int CALL_HASH = 4;
  private static final int DEVICE_HASH = 8;
  private static final int APP = 12;
  private static final int AT = 16;
  private static final int ID = 24;
  private static final int WANTED = 40;
  private static final int STATE = 44;
  private static final int EARLIER = 48;
  private static final int LATER = 52;

  /** Here the texts begin: call-id, registration, and the rest of the device and its ring. */
  private static final int TEXTS = 56;

  /** Somebody has to tell its device when the call is cancelled. */
  private static final int LIVE = 1;

  /** No other of its call came later. */
  private static final int NEWEST = 2;

  /** One of several of its call: as long as it is live, the index of devices leads to it. */
  private static final int SEVERAL = 4;

  /** The application of what is no ring. */
  private static final int NO_APP = -1;

  private final int longest;
  private final ByteRing ring;
  private final HashIndex calls = new HashIndex();
  private final HashIndex devices = new HashIndex();
  private final long secret = ThreadLocalRandom.current().nextLong() | 1;
  private final RecordBuffer buffer = new RecordBuffer();

  /** Each application that ever rang has a number. */
  private final List<AppKey> apps = new ArrayList<>();

  private final Map<AppKey, Integer> numbers = new HashMap<>();

  private int size;

  /** Of what is in the buffer. */
  private int app;

  private int callEnd;
  private int callHash;
  private int deviceEnd;
  private int deviceHash;

  /**
   * @param most what all entries but the newest will have at most, in bytes, and any one of them;
   *     at most a quarter of a GiB
   */
  RungTable(int most) {
    this.longest = most;
    this.ring = new ByteRing(2 * most);
  }

  /** How many entries there are. */
  int size() {
    return size;
  }

  /** How many call-ids are known. */
  int calls() {
    return calls.size();
  }

  /** What is taken of the heap, in bytes, but for pages that have room. */
  long bytes() {
    return (long) ring.used() + calls.bytes() + devices.bytes();
  }

  /**
   * Adds a ring. If its device has a live entry of the same call, that is dropped, and its requests
   * count with this one's. One that is too long for the table is not added.
   *
   * @param at when, in milliseconds
   */
  void add(Push push, long at) {
    app = number(push.app());
    writeKey(push.callId(), push.device().registration());
    writeRest(push);
    buffer.putInt(DEVICE_HASH, deviceHash);
    buffer.putLong(ID, push.id().getMostSignificantBits());
    buffer.putLong(ID + Long.BYTES, push.id().getLeastSignificantBits());
    int call = findCall();
    int before = call == HashIndex.NONE ? NONE : findDevice(calls.address(call));
    int wanted = 1;
    if (before != NONE) {
      wanted += wanted(before);
      drop(before);
    }
    buffer.putInt(WANTED, wanted);
    append(call, LIVE, at);
  }

  private int number(AppKey key) {
    Integer known = numbers.get(key);
    if (known != null) {
      return known;
    }
    numbers.put(key, apps.size());
    apps.add(key);
    return apps.size() - 1;
  }

  /** Adds an entry of a call that is not known: there is nobody to tell. */
  void add(String callId, long at) {
    writeCall(callId);
    app = NO_APP;
    append(HashIndex.NONE, 0, at);
  }

  private void append(int call, int state, long at) {
    int length = (buffer.position() + ByteRing.UNIT - 1) / ByteRing.UNIT * ByteRing.UNIT;
    if (length > longest) {
      return;
    }
    byte[] bytes = buffer.array(length);
    buffer.putInt(LENGTH, length);
    buffer.putInt(CALL_HASH, callHash);
    buffer.putInt(APP, app);
    buffer.putLong(AT, at);
    buffer.putInt(STATE, state | NEWEST | (call == HashIndex.NONE ? 0 : SEVERAL));
    int entry = ring.append(bytes, length);
    size++;
    if (call == HashIndex.NONE) {
      join(entry, entry);
      calls.add(callHash, entry);
    } else {
      follow(calls.address(call), entry);
      calls.replace(call, entry);
      devices.add(deviceHash, entry);
    }
  }

  private void follow(int before, int entry) {
    join(entry, ring.getInt(before + LATER));
    join(before, entry);
    int state = ring.getInt(before + STATE);
    ring.putInt(before + STATE, (state & ~NEWEST) | SEVERAL);
    if ((state & LIVE) == 0) {
      unlink(before);
    } else if ((state & SEVERAL) == 0) {
      devices.add(ring.getInt(before + DEVICE_HASH), before);
    }
  }

  private void join(int earlier, int later) {
    ring.putInt(earlier + LATER, later);
    ring.putInt(later + EARLIER, earlier);
  }

  private void unlink(int entry) {
    join(ring.getInt(entry + EARLIER), ring.getInt(entry + LATER));
  }

  private void writeCall(String callId) {
    buffer.begin(TEXTS);
    buffer.writeText(callId);
    callEnd = buffer.position();
    callHash = fold(buffer.hash(TEXTS, secret, secret));
  }

  /** What tells two devices of one call apart, and its call. */
  private void writeKey(String callId, String registration) {
    writeCall(callId);
    buffer.writeText(registration);
    deviceEnd = buffer.position();
    deviceHash = fold(buffer.hash(callEnd, callHash ^ (long) app << Integer.SIZE, secret));
  }

  private static int fold(long hash) {
    return (int) (hash ^ hash >>> Integer.SIZE);
  }

  private void writeRest(Push push) {
    Device device = push.device();
    Details details = push.details();
    buffer.writeCount(device.withoutVoip() ? 1 : 0);
    // Mostly it is the registration, or a part of it.
    int begin = device.registration().indexOf(device.token());
    buffer.writeCount(begin + 1);
    if (begin < 0) {
      buffer.writeText(device.token());
    } else {
      buffer.writeCount(device.token().length());
    }
    buffer.writeText(device.id());
    buffer.writeText(device.ref());
    buffer.writeText(details.from());
    buffer.writeText(details.fromDisplayName());
    buffer.writeText(details.to());
    buffer.writeText(details.mediaType());
    buffer.writeText(push.account());
  }

  /** The device of an entry, and what a cancel has to tell it. */
  RungDevice device(int entry) {
    int length = ring.getInt(entry + LENGTH);
    buffer.begin(TEXTS);
    ring.read(entry, buffer.array(length), length);
    String unused = buffer.readText();
    String registration = buffer.readText();
    boolean withoutVoip = buffer.readCount() == 1;
    int begin = buffer.readCount() - 1;
    String token =
        begin < 0 ? buffer.readText() : registration.substring(begin, begin + buffer.readCount());
    Device device =
        new Device(token, buffer.readText(), registration, withoutVoip, buffer.readText());
    return new RungDevice(
        apps.get(ring.getInt(entry + APP)),
        device,
        buffer.readText(),
        buffer.readText(),
        buffer.readText(),
        buffer.readText(),
        buffer.readText());
  }

  /** The live entry of a ring's device; {@link #NONE} when there is none. */
  int find(Push push) {
    Integer number = numbers.get(push.app());
    if (number == null) {
      return NONE;
    }
    app = number;
    writeKey(push.callId(), push.device().registration());
    int call = findCall();
    return call == HashIndex.NONE ? NONE : findDevice(calls.address(call));
  }

  private int findDevice(int newest) {
    if (!is(newest, SEVERAL)) {
      return is(newest, LIVE) && isDevice(newest) ? newest : NONE;
    }
    int place = devices.first(deviceHash);
    while (place != HashIndex.NONE && !isDevice(devices.address(place))) {
      place = devices.next(place);
    }
    return place == HashIndex.NONE ? NONE : devices.address(place);
  }

  private boolean isDevice(int entry) {
    return ring.getInt(entry + APP) == app && begins(entry, deviceEnd);
  }

  private boolean begins(int entry, int end) {
    return end <= ring.getInt(entry + LENGTH)
        && ring.has(entry + TEXTS, buffer.array(end), TEXTS, end);
  }

  /** The newest entry of a call, live or not; {@link #NONE} when the call is not known. */
  int newest(String callId) {
    writeCall(callId);
    int call = findCall();
    return call == HashIndex.NONE ? NONE : calls.address(call);
  }

  private int findCall() {
    int place = calls.first(callHash);
    while (place != HashIndex.NONE && !begins(calls.address(place), callEnd)) {
      place = calls.next(place);
    }
    return place;
  }

  /** The live entries of a call, as they came. */
  int[] live(int newest) {
    int[] found = new int[2];
    int count = 0;
    int entry = newest;
    do {
      entry = ring.getInt(entry + LATER);
      if (is(entry, LIVE)) {
        if (count == found.length) {
          found = Arrays.copyOf(found, 2 * count);
        }
        found[count++] = entry;
      }
    } while (entry != newest);
    return Arrays.copyOf(found, count);
  }

  private boolean is(int entry, int state) {
    return (ring.getInt(entry + STATE) & state) != 0;
  }

  /** Whether an entry is that of this very ring. */
  boolean isOf(int entry, UUID id) {
    return ring.getLong(entry + ID) == id.getMostSignificantBits()
        && ring.getLong(entry + ID + Long.BYTES) == id.getLeastSignificantBits();
  }

  /** When an entry was added, in milliseconds. */
  long at(int entry) {
    return ring.getLong(entry + AT);
  }

  /** How many requests want a device to ring. */
  int wanted(int entry) {
    return ring.getInt(entry + WANTED);
  }

  /** Changes how many requests want a device to ring. */
  void wanted(int entry, int requests) {
    ring.putInt(entry + WANTED, requests);
  }

  /** Nobody has to tell a live entry's device any more. Its call stays known. */
  void drop(int entry) {
    int state = ring.getInt(entry + STATE);
    ring.putInt(entry + STATE, state & ~LIVE);
    if ((state & SEVERAL) != 0) {
      devices.remove(devices.find(ring.getInt(entry + DEVICE_HASH), entry));
    }
    if ((state & NEWEST) == 0) {
      unlink(entry);
    }
  }

  /** When the oldest entry was added, in milliseconds; there must be one. */
  long oldestAt() {
    return at(ring.oldest());
  }

  /** Forgets the oldest entry, and its call if it is the last one; there must be one. */
  void forgetOldest() {
    int entry = ring.oldest();
    if (is(entry, LIVE)) {
      drop(entry);
    }
    if (is(entry, NEWEST)) {
      calls.remove(calls.find(ring.getInt(entry + CALL_HASH), entry));
    }
    ring.removeOldest(ring.getInt(entry + LENGTH));
    size--;
  }
}
