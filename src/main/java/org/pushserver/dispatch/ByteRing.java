// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Records of bytes: new ones are appended, the oldest leave. They lie one behind the other in
 * pages, which are used again: so a record is no object, and what lives for minutes gives the
 * garbage collector nothing to do. Pages come as they are needed, and stay.
 *
 * <p>A record is found by its address, which stays the same as long as it is in. Not for several
 * threads at once.
 */
final class ByteRing {
  /** The length of a record is a multiple of this, so that a number never lies in two pages. */
  static final int UNIT = Long.BYTES;

  private static final int PAGE_BITS = 14;
  private static final int PAGE = 1 << PAGE_BITS;
  private static final int WITHIN_PAGE = PAGE - 1;

  /** By address; null where nothing is. */
  private final ByteBuffer[] pages;

  private final int mask;

  /** Those that the oldest have left. */
  private final Deque<ByteBuffer> spare = new ArrayDeque<>();

  private int allocated;
  private int oldest;
  private int end;
  private int used;

  /**
   * @param most what has room in it at least, in bytes; at most half a GiB
   */
  ByteRing(int most) {
    // A page that the oldest and the newest shared would be needed twice.
    int space = Integer.highestOneBit(most + PAGE - 1) << 1;
    this.pages = new ByteBuffer[Math.max(2, space >> PAGE_BITS)];
    this.mask = (pages.length << PAGE_BITS) - 1;
  }

  /** How many bytes can be appended. */
  int room() {
    return mask + 1 - PAGE - used;
  }

  /** How many bytes all records have. */
  int used() {
    return used;
  }

  /** How many bytes the pages have, with those that are not used now. */
  int allocated() {
    return allocated << PAGE_BITS;
  }

  /** The address of the oldest record. */
  int oldest() {
    return oldest;
  }

  /**
   * Appends a record.
   *
   * @param from it begins with these bytes
   * @param length a multiple of {@link #UNIT}
   * @return its address, 0 or more
   * @throws IllegalArgumentException when it has no such length, or there is no room for it
   */
  int append(byte[] from, int length) {
    if (length % UNIT != 0 || length > room()) {
      throw new IllegalArgumentException(length + " bytes where " + room() + " are free");
    }
    int address = end;
    for (int done = 0; done < length; ) {
      int within = end & WITHIN_PAGE;
      int part = Math.min(length - done, PAGE - within);
      pageAt(end).put(within, from, done, part);
      done += part;
      end = (end + part) & mask;
    }
    used += length;
    return address;
  }

  private ByteBuffer pageAt(int address) {
    int number = address >> PAGE_BITS;
    if (pages[number] == null) {
      pages[number] = spare.poll();
      if (pages[number] == null) {
        pages[number] = ByteBuffer.allocate(PAGE);
        allocated++;
      }
    }
    return pages[number];
  }

  /**
   * Forgets the oldest record.
   *
   * @param length as it was appended
   */
  void removeOldest(int length) {
    int number = oldest >> PAGE_BITS;
    oldest = (oldest + length) & mask;
    used -= length;
    while (number != oldest >> PAGE_BITS) {
      spare.push(pages[number]);
      pages[number] = null;
      number = (number + 1) & (pages.length - 1);
    }
  }

  /** The number at an address, which is a multiple of four. */
  int getInt(int address) {
    return page(address).getInt(address & WITHIN_PAGE);
  }

  /** Changes the number at an address, which is a multiple of four. */
  void putInt(int address, int value) {
    page(address).putInt(address & WITHIN_PAGE, value);
  }

  /** The number at an address, which is a multiple of eight. */
  long getLong(int address) {
    return page(address).getLong(address & WITHIN_PAGE);
  }

  private ByteBuffer page(int address) {
    return pages[(address & mask) >> PAGE_BITS];
  }

  /** Copies what is at an address and behind it. */
  void read(int address, byte[] to, int length) {
    for (int done = 0; done < length; ) {
      int within = (address + done) & WITHIN_PAGE;
      int part = Math.min(length - done, PAGE - within);
      page(address + done).get(within, to, done, part);
      done += part;
    }
  }

  /** Whether some bytes, {@code from} a place in an array {@code to} another, are at an address. */
  boolean has(int address, byte[] bytes, int from, int to) {
    for (int done = from; done < to; ) {
      int at = address + done - from;
      int within = at & WITHIN_PAGE;
      int part = Math.min(to - done, PAGE - within);
      if (!Arrays.equals(page(at).array(), within, within + part, bytes, done, done + part)) {
        return false;
      }
      done += part;
    }
    return true;
  }
}
