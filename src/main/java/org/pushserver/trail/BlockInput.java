// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/**
 * Reads what {@link BlockOutput} has written. Bytes that nobody wrote so end in an {@link
 * IndexOutOfBoundsException}. Confined to one thread.
 */
final class BlockInput {
  private final byte[] bytes;
  private int at;
  private final List<String> words = new ArrayList<>();

  BlockInput(byte[] bytes) {
    this.bytes = bytes;
  }

  int octet() {
    return bytes[at++] & 0xFF;
  }

  long number() {
    long value = 0;
    int shift = 0;
    int next;
    do {
      next = bytes[at++];
      value |= (next & 0x7FL) << shift;
      shift += 7;
    } while (next < 0);
    return value;
  }

  /** A number that was written as an int. */
  int count() {
    return (int) number();
  }

  long signed() {
    long value = number();
    return (value >>> 1) ^ -(value & 1);
  }

  long bits() {
    long value = 0;
    for (int i = 0; i < Long.BYTES; i++) {
      value = value << Byte.SIZE | octet();
    }
    return value;
  }

  UUID uuid() {
    long most = bits();
    return new UUID(most, bits());
  }

  String word() {
    long head = number();
    if ((head & 3) == BlockOutput.REFERENCE) {
      return words.get((int) (head >>> 2));
    }
    String text = text(head);
    if (!text.isEmpty()) {
      words.add(text);
    }
    return text;
  }

  String text() {
    return text(number());
  }

  private String text(long head) {
    return switch ((int) head & 3) {
      case BlockOutput.LOWER_UUID -> uuid().toString();
      case BlockOutput.UPPER_UUID -> uuid().toString().toUpperCase(Locale.ROOT);
      default -> inline((int) (head >>> 2));
    };
  }

  private String inline(int length) {
    String text = new String(bytes, at, length, StandardCharsets.UTF_8);
    at += length;
    return text;
  }
}
