// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import org.pushserver.push.AppKey;

/**
 * The devices of an account in as few bytes as can be: a third of what they take as objects. Any
 * thread.
 */
final class PackedDevices {
  private static final byte[] NONE = {};

  private static final int SILENT = 1;
  private static final int BACKGROUND = 2;
  private static final int USER_AGENT = 4;
  private static final int ID_IN_BYTES = 8;
  private static final int TOKEN_IN_BYTES = 16;
  private static final int BACKGROUND_IN_BYTES = 32;

  private static final int SEVEN_BITS = 0x7F;
  private static final int MORE = 0x80;

  /** What is not text of varying length; a length takes five bytes at the most. */
  private static final int MOST_BESIDE = 48;

  /** Each application that there is, or was. */
  private final List<AppKey> apps = new ArrayList<>();

  private final ConcurrentHashMap<AppKey, Integer> numbers = new ConcurrentHashMap<>();
  private volatile AppKey[] known = {};

  byte[] pack(List<StoredToken> devices) {
    if (devices.isEmpty()) {
      return NONE;
    }
    ByteBuffer bytes = ByteBuffer.allocate(devices.stream().mapToInt(PackedDevices::most).sum());
    devices.forEach(one -> pack(one, bytes));
    byte[] packed = new byte[bytes.position()];
    ByteBuffer unused = bytes.flip().get(packed);
    return packed;
  }

  private static int most(StoredToken one) {
    return MOST_BESIDE
        + most(one.deviceId())
        + most(one.token())
        + most(one.background())
        + most(one.userAgent());
  }

  private static int most(String text) {
    return text == null ? 0 : 3 * text.length();
  }

  private void pack(StoredToken one, ByteBuffer to) {
    byte[] id = PackedText.idBytes(one.deviceId());
    byte[] token = PackedText.tokenBytes(one.token());
    byte[] background = one.background() == null ? null : PackedText.tokenBytes(one.background());
    int form =
        (one.silent() ? SILENT : 0)
            | (one.background() == null ? 0 : BACKGROUND)
            | (one.userAgent() == null ? 0 : USER_AGENT)
            | (id == null ? 0 : ID_IN_BYTES)
            | (token == null ? 0 : TOKEN_IN_BYTES)
            | (background == null ? 0 : BACKGROUND_IN_BYTES);
    ByteBuffer unused = to.put((byte) form);
    putNumber(number(one.app()), to);
    put(one.deviceId(), id, to);
    put(one.token(), token, to);
    if (one.background() != null) {
      put(one.background(), background, to);
    }
    if (one.userAgent() != null) {
      put(one.userAgent(), null, to);
    }
    unused = to.putLong(one.storedAt()).putLong(one.lastSeen());
  }

  private static void put(String text, byte[] inBytes, ByteBuffer to) {
    byte[] bytes = inBytes == null ? text.getBytes(StandardCharsets.UTF_8) : inBytes;
    putNumber(bytes.length, to);
    ByteBuffer unused = to.put(bytes);
  }

  private static void putNumber(int number, ByteBuffer to) {
    int rest = number;
    while (rest > SEVEN_BITS) {
      ByteBuffer unused = to.put((byte) ((rest & SEVEN_BITS) | MORE));
      rest >>>= 7;
    }
    ByteBuffer unused = to.put((byte) rest);
  }

  private int number(AppKey app) {
    Integer number = numbers.get(app);
    if (number != null) {
      return number;
    }
    synchronized (apps) {
      return numbers.computeIfAbsent(
          app,
          key -> {
            boolean unused = apps.add(key);
            known = apps.toArray(AppKey[]::new);
            return apps.size() - 1;
          });
    }
  }

  /**
   * Makes them of what {@link #pack} has returned.
   *
   * @param account whose they are
   */
  List<StoredToken> unpack(String account, byte[] packed) {
    if (packed.length == 0) {
      return List.of();
    }
    ByteBuffer bytes = ByteBuffer.wrap(packed);
    List<StoredToken> devices = new ArrayList<>(1);
    while (bytes.hasRemaining()) {
      boolean unused = devices.add(one(account, bytes));
    }
    return List.copyOf(devices);
  }

  private StoredToken one(String account, ByteBuffer from) {
    int form = from.get();
    AppKey app = known[number(from)];
    byte[] id = bytes(from);
    byte[] token = bytes(from);
    byte[] background = (form & BACKGROUND) == 0 ? null : bytes(from);
    byte[] userAgent = (form & USER_AGENT) == 0 ? null : bytes(from);
    return new StoredToken(
        account,
        app,
        (form & ID_IN_BYTES) == 0 ? text(id) : PackedText.id(id),
        (form & TOKEN_IN_BYTES) == 0 ? text(token) : PackedText.token(token),
        background == null || (form & BACKGROUND_IN_BYTES) == 0
            ? text(background)
            : PackedText.token(background),
        (form & SILENT) != 0,
        text(userAgent),
        from.getLong(),
        from.getLong());
  }

  private static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ByteBuffer from) {
    byte[] bytes = new byte[number(from)];
    ByteBuffer unused = from.get(bytes);
    return bytes;
  }

  private static int number(ByteBuffer from) {
    int number = 0;
    int shift = 0;
    byte next = from.get();
    while (next < 0) {
      number |= (next & SEVEN_BITS) << shift;
      shift += 7;
      next = from.get();
    }
    return number | (next << shift);
  }
}
