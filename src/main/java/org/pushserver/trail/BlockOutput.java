// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * The bytes of a block while it is written: numbers as short as they are, and text that comes again
 * once. {@link BlockInput} reads them. Confined to one thread.
 */
final class BlockOutput {
  /** The last two bits before a text say how it is written; the others how long, or which. */
  static final int INLINE = 0;

  static final int REFERENCE = 1;
  static final int LOWER_UUID = 2;
  static final int UPPER_UUID = 3;

  private static final int FIRST_SIZE = 4096;
  private static final int UUID_LENGTH = 36;

  /** What a character is as a hex digit; -1 for none. */
  private static final byte[] DIGITS = digits();

  private byte[] bytes = new byte[FIRST_SIZE];
  private int length;
  private final Map<String, Integer> words = new HashMap<>();

  /** Begins again. */
  void clear() {
    length = 0;
    words.clear();
  }

  int length() {
    return length;
  }

  /**
   * Forgets what was written behind a place.
   *
   * @param wordCount how many words there were then
   */
  void backTo(int place, int wordCount) {
    length = place;
    boolean unused = words.values().removeIf(number -> number >= wordCount);
  }

  int wordCount() {
    return words.size();
  }

  /** A copy of what was written. */
  byte[] toBytes() {
    return Arrays.copyOf(bytes, length);
  }

  void octet(int value) {
    room(1);
    bytes[length++] = (byte) value;
  }

  /** A number of 0 or more: the shorter, the smaller. */
  void number(long value) {
    room(10);
    long left = value;
    while ((left & ~0x7FL) != 0) {
      bytes[length++] = (byte) (left | 0x80);
      left >>>= 7;
    }
    bytes[length++] = (byte) left;
  }

  /** A number that may be negative. */
  void signed(long value) {
    number((value << 1) ^ (value >> 63));
  }

  void bits(long value) {
    room(Long.BYTES);
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      bytes[length++] = (byte) (value >>> shift);
    }
  }

  /** Text that other entries of the block are likely to have, too. */
  void word(String text) {
    if (text.isEmpty()) {
      number(0);
      return;
    }
    Integer known = words.putIfAbsent(text, words.size());
    if (known == null) {
      text(text);
    } else {
      number((long) known << 2 | REFERENCE);
    }
  }

  /** Text of this entry alone. An empty one takes one byte. */
  void text(String text) {
    int count = text.length();
    room(count + 5);
    int start = length;
    number((long) count << 2 | INLINE);
    for (int i = 0; i < count; i++) {
      char c = text.charAt(i);
      if (c >= 0x80) {
        length = start;
        wide(text);
        return;
      }
      bytes[length++] = (byte) c;
    }
  }

  private void wide(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    number((long) utf8.length << 2 | INLINE);
    room(utf8.length);
    System.arraycopy(utf8, 0, bytes, length, utf8.length);
    length += utf8.length;
  }

  /** Text that often is a UUID, which takes 17 bytes instead of 37. */
  void name(String text) {
    if (text.length() != UUID_LENGTH || text.charAt(8) != '-') {
      text(text);
      return;
    }
    long most = 0;
    long least = 0;
    boolean isLower = false;
    boolean isUpper = false;
    for (int i = 0; i < UUID_LENGTH; i++) {
      char c = text.charAt(i);
      if (i == 8 || i == 13 || i == 18 || i == 23) {
        if (c != '-') {
          text(text);
          return;
        }
        continue;
      }
      int digit = c < DIGITS.length ? DIGITS[c] : -1;
      isLower |= c >= 'a';
      isUpper |= c >= 'A' && c <= 'F';
      if (digit < 0 || (isLower && isUpper)) {
        text(text);
        return;
      }
      if (i < 18) {
        most = most << 4 | digit;
      } else {
        least = least << 4 | digit;
      }
    }
    number(isUpper ? UPPER_UUID : LOWER_UUID);
    bits(most);
    bits(least);
  }

  private static byte[] digits() {
    byte[] digits = new byte['f' + 1];
    for (char c = 0; c < digits.length; c++) {
      digits[c] = (byte) Character.digit(c, 16);
    }
    return digits;
  }

  void uuid(UUID uuid) {
    bits(uuid.getMostSignificantBits());
    bits(uuid.getLeastSignificantBits());
  }

  private void room(int count) {
    if (bytes.length - length < count) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
    }
  }
}
