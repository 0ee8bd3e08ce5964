// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Texts that take half the room as bytes, in columns that take either: tokens of hex digits, and
 * device-ids that are UUIDs. All others, also those with capitals, stay as they are.
 */
final class PackedText {
  private static final HexFormat HEX = HexFormat.of();
  private static final int UUID_LENGTH = 36;

  /** Shorter ones are not worth it. */
  private static final int LEAST_HEX = 32;

  private static final long FNV_START = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private PackedText() {}

  static void bindToken(PreparedStatement statement, int index, String token) throws SQLException {
    byte[] bytes = token == null ? null : tokenBytes(token);
    if (token == null) {
      statement.setNull(index, Types.VARCHAR);
    } else if (bytes == null) {
      statement.setString(index, token);
    } else {
      statement.setBytes(index, bytes);
    }
  }

  /** A token as bytes; null for one that stays text. */
  static byte[] tokenBytes(String token) {
    return isHex(token) ? HEX.parseHex(token) : null;
  }

  /** What {@link #tokenBytes} made bytes of. */
  static String token(byte[] bytes) {
    return HEX.formatHex(bytes);
  }

  private static boolean isHex(String token) {
    if (token.length() < LEAST_HEX || token.length() % 2 != 0) {
      return false;
    }
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if ((c < '0' || c > '9') && (c < 'a' || c > 'f')) {
        return false;
      }
    }
    return true;
  }

  static String token(ResultSet row, int column) throws SQLException {
    Object value = row.getObject(column);
    return value instanceof byte[] bytes ? token(bytes) : (String) value;
  }

  static void bindId(PreparedStatement statement, int index, String deviceId) throws SQLException {
    byte[] bytes = idBytes(deviceId);
    if (bytes == null) {
      statement.setString(index, deviceId);
    } else {
      statement.setBytes(index, bytes);
    }
  }

  /** A device-id as bytes; null for one that stays text. */
  static byte[] idBytes(String deviceId) {
    if (deviceId.length() != UUID_LENGTH) {
      return null;
    }
    try {
      UUID id = UUID.fromString(deviceId);
      return id.toString().equals(deviceId)
          ? ByteBuffer.allocate(2 * Long.BYTES)
              .putLong(id.getMostSignificantBits())
              .putLong(id.getLeastSignificantBits())
              .array()
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** What {@link #idBytes} made bytes of. */
  static String id(byte[] bytes) {
    ByteBuffer id = ByteBuffer.wrap(bytes);
    return new UUID(id.getLong(), id.getLong()).toString();
  }

  static String id(ResultSet row, int column) throws SQLException {
    Object value = row.getObject(column);
    return value instanceof byte[] bytes ? id(bytes) : (String) value;
  }

  /** What a token is searched by; two may have the same, so it is compared as well. */
  static long hash(String token) {
    long hash = FNV_START;
    for (byte one : token.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (one & 0xFF)) * FNV_PRIME;
    }
    return hash;
  }
}
