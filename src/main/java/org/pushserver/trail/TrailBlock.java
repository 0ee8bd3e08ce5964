// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.pushserver.push.AppKey;

/**
 * Entries that are written together, as bytes with a checksum, and the keys that any of them can be
 * found by. One row of a file holds one: a row for each entry would cost three times the time.
 * Confined to one thread.
 */
@SuppressWarnings("EnumOrdinal") // Files hold it; both enums say that their order never changes.
final class TrailBlock {
  /** The most entries of one. */
  static final int MOST_ENTRIES = 128;

  /** So many bytes a key takes. */
  static final int KEY_BYTES = 5;

  private static final int CHECKSUM_BYTES = Integer.BYTES;
  private static final TrailEnd[] ENDS = TrailEnd.values();
  private static final TrailStep.What[] WHATS = TrailStep.What.values();

  private final BlockOutput out = new BlockOutput();
  private final CRC32C checksum = new CRC32C();
  private final NumberOrder order = new NumberOrder(Byte.SIZE);
  private long[] keys = new long[MOST_ENTRIES * 8];
  private int keyCount;
  private int count;
  private long firstAt;
  private long lastAt;

  /**
   * What a file holds of one.
   *
   * @param firstAt the earliest {@code at} of its entries
   * @param lastAt the latest
   * @param count of its entries
   * @param keys of its entries, in order
   * @param data the entries, with the checksum before them
   */
  @SuppressWarnings("ArrayRecordComponent") // It is written, and compared with nothing.
  record Bytes(long firstAt, long lastAt, int count, byte[] keys, byte[] data) {}

  /** Begins another. */
  void clear() {
    out.clear();
    keyCount = 0;
    count = 0;
  }

  int count() {
    return count;
  }

  boolean isFull() {
    return count == MOST_ENTRIES;
  }

  /**
   * Adds an entry.
   *
   * @throws RuntimeException when it cannot be written; then the others are as they were
   */
  void add(TrailEntry entry) {
    int length = out.length();
    int words = out.wordCount();
    int keysBefore = keyCount;
    boolean whole = false;
    try {
      write(out, entry);
      TrailKeys.each(entry, this::key);
      whole = true;
    } finally {
      if (!whole) {
        out.backTo(length, words);
        keyCount = keysBefore;
      }
    }
    firstAt = count == 0 ? entry.at() : Math.min(firstAt, entry.at());
    lastAt = count == 0 ? entry.at() : Math.max(lastAt, entry.at());
    count++;
  }

  private void key(long key) {
    if (keyCount == keys.length) {
      keys = Arrays.copyOf(keys, 2 * keyCount);
    }
    keys[keyCount++] = key;
  }

  /** All of it, as a file holds it. */
  Bytes bytes() {
    return new Bytes(firstAt, lastAt, count, keys(), data());
  }

  /** The keys, each once, in order. */
  private byte[] keys() {
    order.sort(keys, keyCount, 0, TrailKeys.BITS);
    byte[] bytes = new byte[keyCount * KEY_BYTES];
    int length = 0;
    for (int i = 0; i < keyCount; i++) {
      if (i == 0 || keys[i] != keys[i - 1]) {
        for (int shift = (KEY_BYTES - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
          bytes[length++] = (byte) (keys[i] >>> shift);
        }
      }
    }
    return Arrays.copyOf(bytes, length);
  }

  /** The entries, with the checksum before them. */
  private byte[] data() {
    byte[] data = new byte[CHECKSUM_BYTES + out.length()];
    byte[] entries = out.toBytes();
    System.arraycopy(entries, 0, data, CHECKSUM_BYTES, entries.length);
    checksum.reset();
    checksum.update(entries, 0, entries.length);
    ByteBuffer.wrap(data).putInt((int) checksum.getValue());
    return data;
  }

  /** One step alone, as a note holds it. */
  static byte[] step(TrailStep step) {
    BlockOutput out = new BlockOutput();
    write(out, step, 0);
    return out.toBytes();
  }

  static TrailStep step(byte[] bytes) {
    return step(new BlockInput(bytes), 0);
  }

  /** The key at a place among the keys. */
  static long key(byte[] keys, int index) {
    long key = 0;
    for (int i = index * KEY_BYTES; i < (index + 1) * KEY_BYTES; i++) {
      key = key << Byte.SIZE | (keys[i] & 0xFF);
    }
    return key;
  }

  /** Whether one of the entries may have it. */
  static boolean has(byte[] keys, long wanted) {
    int place = place(keys, wanted);
    return place < keys.length / KEY_BYTES && key(keys, place) == wanted;
  }

  /** The place of the first that is not lower; behind the last when all are. */
  static int place(byte[] keys, long wanted) {
    int low = 0;
    int high = keys.length / KEY_BYTES;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (key(keys, middle) < wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /**
   * The entries of a block, in the order in which they were put down.
   *
   * @throws DamagedTrailException when these are not the bytes that were written
   */
  static List<TrailEntry> entries(byte[] data, int count) throws DamagedTrailException {
    CRC32C sum = new CRC32C();
    if (data.length >= CHECKSUM_BYTES) {
      sum.update(data, CHECKSUM_BYTES, data.length - CHECKSUM_BYTES);
    }
    if (data.length < CHECKSUM_BYTES || ByteBuffer.wrap(data).getInt() != (int) sum.getValue()) {
      throw new DamagedTrailException("a block does not fit its checksum");
    }
    BlockInput in = new BlockInput(Arrays.copyOfRange(data, CHECKSUM_BYTES, data.length));
    List<TrailEntry> entries = new ArrayList<>(count);
    try {
      for (int i = 0; i < count; i++) {
        entries.add(entry(in));
      }
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      throw new DamagedTrailException("a block cannot be read", e);
    }
    return entries;
  }

  /** Writes one that has ended. */
  static void write(BlockOutput out, TrailEntry entry) {
    out.uuid(entry.id());
    out.number(entry.at());
    out.signed(entry.endedAt() - entry.at());
    out.octet(entry.end().ordinal());
    out.word(entry.app() == null ? "" : entry.app().appId());
    out.word(entry.app() == null ? "" : entry.app().platform());
    out.word(entry.event());
    out.name(entry.callId());
    out.text(entry.from());
    out.text(entry.account());
    out.name(entry.device());
    out.text(entry.token());
    out.bits(entry.tokenHash());
    out.word(entry.sender());
    out.number(entry.code());
    out.word(entry.reason());
    out.number(entry.attempts());
    out.number(entry.steps().size());
    long before = entry.at();
    for (TrailStep step : entry.steps()) {
      write(out, step, before);
      before = step.at();
    }
  }

  private static void write(BlockOutput out, TrailStep step, long before) {
    out.octet(step.what().ordinal());
    out.signed(step.at() - before);
    out.number(step.number());
    out.number(step.status());
    out.word(step.text());
    out.signed(step.tookMs());
    out.word(step.topic());
    out.number(step.connection());
  }

  /** Reads what {@link #write} has written. */
  static TrailEntry entry(BlockInput in) {
    UUID id = in.uuid();
    long at = in.number();
    long endedAt = at + in.signed();
    TrailEnd end = ENDS[in.octet()];
    String appId = in.word();
    String platform = in.word();
    AppKey app = appId.isEmpty() || platform.isEmpty() ? null : new AppKey(appId, platform);
    String event = in.word();
    String callId = in.text();
    String from = in.text();
    String account = in.text();
    String device = in.text();
    String token = in.text();
    long tokenHash = in.bits();
    String sender = in.word();
    int code = in.count();
    String reason = in.word();
    int attempts = in.count();
    int steps = in.count();
    List<TrailStep> timeline = new ArrayList<>(Math.min(steps, MOST_ENTRIES));
    long before = at;
    for (int i = 0; i < steps; i++) {
      TrailStep step = step(in, before);
      timeline.add(step);
      before = step.at();
    }
    return new TrailEntry(
        id, at, endedAt, end, app, event, callId, from, account, device, token, tokenHash, sender,
        code, reason, attempts, timeline, "");
  }

  private static TrailStep step(BlockInput in, long before) {
    TrailStep.What what = WHATS[in.octet()];
    long at = before + in.signed();
    int number = in.count();
    int status = in.count();
    String text = in.word();
    long tookMs = in.signed();
    String topic = in.word();
    return new TrailStep(what, at, number, status, text, tookMs, topic, in.count());
  }
}
