// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/**
 * What one server tells another at a time of the pushes that wait there, as bytes: those that came,
 * and those that have ended. What costs is the message and not what is in it, so there is one for
 * some milliseconds.
 */
final class CopyBatch {
  /** What is asked by this name, over the event bus of the cluster. */
  static final String NAME = "copies";

  private static final byte ADD = 1;
  private static final byte REMOVE = 2;
  private static final byte RESET = 3;

  private final Buffer bytes = Buffer.buffer();

  /** What is told, in its order. */
  interface Content {
    /** A push waits. */
    void add(UUID id, boolean isAwaited, byte[] bytes);

    /** It does no more. */
    void remove(UUID id);

    /** Nothing waits of what was told before. */
    void reset();
  }

  void add(UUID id, boolean isAwaited, byte[] push) {
    append(ADD, id).appendByte((byte) (isAwaited ? 1 : 0)).appendInt(push.length).appendBytes(push);
  }

  void remove(UUID id) {
    Buffer unused = append(REMOVE, id);
  }

  void reset() {
    Buffer unused = bytes.appendByte(RESET);
  }

  private Buffer append(byte what, UUID id) {
    return bytes
        .appendByte(what)
        .appendLong(id.getMostSignificantBits())
        .appendLong(id.getLeastSignificantBits());
  }

  int length() {
    return bytes.length();
  }

  Buffer bytes() {
    return bytes;
  }

  /**
   * Reads what another server has written.
   *
   * @throws IndexOutOfBoundsException when it ends too soon
   * @throws IllegalArgumentException when it cannot be understood
   */
  static void read(Buffer bytes, Content to) {
    int at = 0;
    while (at < bytes.length()) {
      byte what = bytes.getByte(at);
      at++;
      if (what == RESET) {
        to.reset();
        continue;
      }
      UUID id = new UUID(bytes.getLong(at), bytes.getLong(at + Long.BYTES));
      at += 2 * Long.BYTES;
      if (what == REMOVE) {
        to.remove(id);
      } else if (what == ADD) {
        int length = bytes.getInt(at + 1);
        int begin = at + 1 + Integer.BYTES;
        to.add(id, bytes.getByte(at) != 0, bytes.getBytes(begin, begin + length));
        at = begin + length;
      } else {
        throw new IllegalArgumentException("unknown part " + what);
      }
    }
  }
}
