// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.zip.CRC32C;

/**
 * How a record of the log looks: the magic word of its spool, the CRC-32C of all that follows, the
 * length of its body, what it is (one byte), and the body. That of a kept one is its id, its
 * number, and what it is about; that of forgotten ones is their ids, one behind the other.
 *
 * <p>The magic word is drawn by chance for each spool, so that none who sends pushes can write it
 * into one: behind damage the next record is found by it.
 */
final class LogRecord {
  /** Something is kept. */
  static final byte KEPT = 1;

  /** Some are forgotten. */
  static final byte FORGOTTEN = 2;

  /** How long an id is. */
  static final int ID = 2 * Long.BYTES;

  /** In a kept one, before what it is about: id and number. */
  static final int NAME = ID + Long.BYTES;

  private static final int CRC = 4;
  private static final int LENGTH = 8;
  private static final int TYPE = 12;

  /** Where the body begins. */
  static final int BODY = 13;

  /** No body is longer. */
  static final int LONGEST = 80 << 20;

  private LogRecord() {}

  /**
   * The whole length of the record that begins at a place.
   *
   * @return 0 when there is none, or one that is not as it was written
   */
  static int length(ByteBuffer bytes, int at, int magic) {
    if (bytes.limit() - at < BODY || bytes.getInt(at) != magic) {
      return 0;
    }
    int body = bytes.getInt(at + LENGTH);
    if (body < 0 || body > LONGEST || body > bytes.limit() - at - BODY) {
      return 0;
    }
    int length = BODY + body;
    return bytes.getInt(at + CRC) == crc(bytes, at, length) && isSound(bytes, at, body)
        ? length
        : 0;
  }

  /**
   * Whether the bytes end within the record that begins at a place, and nobody can miss it: it was
   * never promised. Of forgotten ones that is not said: its length may be what is damaged.
   */
  static boolean isCut(ByteBuffer bytes, int at, int magic) {
    int rest = bytes.limit() - at - BODY;
    return rest < 0
        || (bytes.getInt(at) == magic
            && bytes.getInt(at + LENGTH) > rest
            && bytes.get(at + TYPE) == KEPT);
  }

  private static boolean isSound(ByteBuffer bytes, int at, int body) {
    return switch (bytes.get(at + TYPE)) {
      case KEPT -> body >= NAME;
      case FORGOTTEN -> body % ID == 0;
      default -> false;
    };
  }

  static byte type(ByteBuffer bytes, int at) {
    return bytes.get(at + TYPE);
  }

  /** The number of a kept one: whatever is kept later has a higher one. */
  static long number(ByteBuffer bytes, int at) {
    return bytes.getLong(at + BODY + ID);
  }

  /** The first place from here on at which a whole record begins; the limit when there is none. */
  static int next(ByteBuffer bytes, int from, int magic) {
    for (int at = from; at <= bytes.limit() - BODY; at++) {
      if (bytes.getInt(at) == magic && length(bytes, at, magic) != 0) {
        return at;
      }
    }
    return bytes.limit();
  }

  /** How many bytes it takes to keep so many. */
  static int keptLength(int content) {
    return BODY + NAME + content;
  }

  /** How many bytes it takes to forget so many. */
  static int forgottenLength(int ids) {
    return BODY + ids * ID;
  }

  /** Writes one that is kept; there must be room for it. */
  static void writeKept(ByteBuffer to, int magic, UUID id, long number, byte[] content) {
    int at = begin(to, magic, NAME + content.length, KEPT);
    write(id, to);
    to.putLong(number).put(content);
    end(to, at);
  }

  /** Begins one of forgotten ids, each of which is then written; there must be room for them. */
  static int beginForgotten(ByteBuffer to, int magic, int ids) {
    return begin(to, magic, ids * ID, FORGOTTEN);
  }

  private static int begin(ByteBuffer to, int magic, int body, byte type) {
    int at = to.position();
    to.putInt(magic).putInt(0).putInt(body).put(type);
    return at;
  }

  static void write(UUID id, ByteBuffer to) {
    to.putLong(id.getMostSignificantBits()).putLong(id.getLeastSignificantBits());
  }

  /** Ends the record that begins at a place. */
  static void end(ByteBuffer to, int at) {
    to.putInt(at + CRC, crc(to, at, to.position() - at));
  }

  private static int crc(ByteBuffer bytes, int at, int length) {
    CRC32C crc = new CRC32C();
    ByteBuffer view = bytes.duplicate();
    crc.update(view.limit(at + length).position(at + LENGTH));
    return (int) crc.getValue();
  }
}
