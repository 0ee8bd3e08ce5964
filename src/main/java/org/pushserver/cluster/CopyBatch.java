// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.buffer.Buffer;
import java.util.UUID;

/**
 * What one server tells another at a time of the pushes that wait there, as bytes: those that came,
 * and those that have ended. What costs is the message and not what is in it, so there is one for
 * some milliseconds. Cancels are told in it, too, so that they come after their rings.
 */
final class CopyBatch {
  /** What is asked by this name, over the event bus of the cluster. */
  static final String NAME = "copies";

  private static final byte ADD = 1;
  private static final byte REMOVE = 2;
  private static final byte RESET = 3;

  private static final byte IS_AWAITED = 1;

  /** Of a cancel that is only to be known. */
  private static final byte IS_NOTE = 2;

  private static final int ID = 2 * Long.BYTES;

  private final Buffer bytes = Buffer.buffer();

  /** What is told, in its order. */
  interface Content {
    /** A push waits. */
    void add(UUID id, boolean isAwaited, byte[] bytes);

    /** It does no more. */
    void remove(UUID id);

    /** A cancel has come; none of its rings is to ring any more. */
    void cancelled(byte[] bytes);

    /** Nothing waits of what was told before. */
    void reset();
  }

  void add(UUID id, boolean isAwaited, byte[] push) {
    add(id, isAwaited ? IS_AWAITED : 0, push);
  }

  private void add(UUID id, byte how, byte[] push) {
    Buffer unused = append(ADD, id).appendByte(how).appendInt(push.length).appendBytes(push);
  }

  /** A version that knows no such notes takes it for a push, which has ended at once. */
  void cancelled(UUID id, byte[] cancel) {
    add(id, IS_NOTE, cancel);
    remove(id);
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
      at += ID;
      if (what == REMOVE) {
        to.remove(id);
      } else if (what == ADD) {
        int length = bytes.getInt(at + 1);
        int begin = at + 1 + Integer.BYTES;
        byte[] push = bytes.getBytes(begin, begin + length);
        if (bytes.getByte(at) == IS_NOTE) {
          to.cancelled(push);
          // With its end, which is for those that take it for a push.
          at = begin + length + 1 + ID;
        } else {
          to.add(id, bytes.getByte(at) != 0, push);
          at = begin + length;
        }
      } else {
        throw new IllegalArgumentException("unknown part " + what);
      }
    }
  }
}
