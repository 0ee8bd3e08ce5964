// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.compact;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * The bytes of one record while it is written or read, used again for the next: texts and counts
 * one behind the other, and numbers at fixed places. Each text has one form only, so that equal
 * bytes are equal texts. Not for several threads at once.
 */
public final class RecordBuffer {
  private static final int USUAL = 1_024;

  /** What grew beyond this for one long record is given back. */
  private static final int KEPT = 65_536;

  /** The form of a text: not there at all, a byte for each character, or two. */
  private static final int MISSING = 0;

  private static final int NARROW = 1;
  private static final int WIDE = 2;
  private static final int FORM_BITS = 2;
  private static final int FORM = (1 << FORM_BITS) - 1;

  /** Of a count seven bits go into each byte; the eighth says that there are more. */
  private static final int COUNT_BITS = 7;

  private static final int MORE = 1 << COUNT_BITS;
  private static final int LONGEST_COUNT = 5;

  private byte[] bytes;
  private ByteBuffer numbers;
  private int position;

  /** One to write into. */
  public RecordBuffer() {
    this(new byte[USUAL]);
  }

  /**
   * One to read from. What nobody wrote so ends in an {@link IndexOutOfBoundsException}: never is
   * more read, or room taken for more, than is there.
   *
   * @param record all of it; not copied
   */
  public RecordBuffer(byte[] record) {
    bytes = record;
    numbers = ByteBuffer.wrap(record);
  }

  /** Begins to write or read at a place. What is before it may have any value. */
  public void begin(int at) {
    if (bytes.length > KEPT) {
      resize(USUAL);
    }
    position = at;
  }

  /** What has been read or written up to now ends before this place. */
  public int position() {
    return position;
  }

  /** The bytes, with room for so many; good until something is written. */
  public byte[] array(int length) {
    if (length > bytes.length) {
      resize(Math.max(length, 2 * bytes.length));
    }
    return bytes;
  }

  private void resize(int length) {
    byte[] other = new byte[length];
    System.arraycopy(bytes, 0, other, 0, Math.min(length, bytes.length));
    bytes = other;
    numbers = ByteBuffer.wrap(bytes);
  }

  /** Puts a number at a place that has been written or passed over. */
  public void putInt(int at, int value) {
    numbers.putInt(at, value);
  }

  /** Puts a number at a place that has been written or passed over. */
  public void putLong(int at, long value) {
    numbers.putLong(at, value);
  }

  /** Appends a number, which is never shortened. */
  public void writeLong(long value) {
    byte[] unused = array(position + Long.BYTES);
    numbers.putLong(position, value);
    position += Long.BYTES;
  }

  /** Reads a number that was written whole. */
  public long readLong() {
    long value = numbers.getLong(position);
    position += Long.BYTES;
    return value;
  }

  /**
   * Appends a count.
   *
   * @param value 0 or more
   */
  public void writeCount(int value) {
    byte[] to = array(position + LONGEST_COUNT);
    int rest = value;
    while (rest >= MORE) {
      to[position++] = (byte) (rest | MORE);
      rest >>>= COUNT_BITS;
    }
    to[position++] = (byte) rest;
  }

  /** Reads a count. */
  public int readCount() {
    int value = 0;
    int shift = 0;
    int one = bytes[position++];
    while (one < 0) {
      value |= (one & (MORE - 1)) << shift;
      shift += COUNT_BITS;
      one = bytes[position++];
    }
    return value | one << shift;
  }

  /**
   * Appends a text.
   *
   * @param text may be null
   */
  public void writeText(String text) {
    if (text == null) {
      writeCount(MISSING);
      return;
    }
    int length = text.length();
    int begin = position;
    writeCount(length << FORM_BITS | NARROW);
    byte[] to = array(position + length);
    int all = 0;
    for (int i = 0; i < length; i++) {
      char one = text.charAt(i);
      all |= one;
      to[position + i] = (byte) one;
    }
    position += length;
    if (all > 0xFF) {
      position = begin;
      writeWide(text);
    }
  }

  private void writeWide(String text) {
    int length = text.length();
    writeCount(length << FORM_BITS | WIDE);
    ByteBuffer to = ByteBuffer.wrap(array(position + length * Character.BYTES));
    for (int i = 0; i < length; i++) {
      to.putChar(position, text.charAt(i));
      position += Character.BYTES;
    }
  }

  /**
   * Reads a text.
   *
   * @return null when it was
   */
  public String readText() {
    int count = readCount();
    int length = count >>> FORM_BITS;
    return switch (count & FORM) {
      case MISSING -> null;
      case NARROW -> {
        position += length;
        yield new String(bytes, position - length, length, StandardCharsets.ISO_8859_1);
      }
      default -> readWide(length);
    };
  }

  /** Not by a decoder: half of a pair of characters stays what it is. */
  private String readWide(int length) {
    int unused = Objects.checkFromIndexSize(position, length * Character.BYTES, bytes.length);
    char[] text = new char[length];
    for (int i = 0; i < length; i++) {
      text[i] = numbers.getChar(position);
      position += Character.BYTES;
    }
    return new String(text);
  }

  /**
   * A hash of the bytes from a place up to the position: strangers choose call-ids, but none whose
   * hashes are the same, as long as they do not know the secret.
   *
   * @param before a hash of what was before
   * @param secret odd
   */
  public long hash(int from, long before, long secret) {
    int whole = from + (position - from) / Long.BYTES * Long.BYTES;
    long hash = before ^ (position - from);
    for (int at = from; at < whole; at += Long.BYTES) {
      hash = mixed(hash ^ numbers.getLong(at), secret);
    }
    long rest = 0;
    for (int at = whole; at < position; at++) {
      rest = rest << Byte.SIZE | (bytes[at] & 0xFF);
    }
    return mixed(hash ^ rest, secret);
  }

  /** All 128 bits of the product, folded: their lower half alone would tell some bits nothing. */
  private static long mixed(long value, long secret) {
    return Math.multiplyHigh(value, secret) ^ value * secret;
  }
}
