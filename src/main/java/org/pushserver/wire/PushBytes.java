// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.pushserver.compact.RecordBuffer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Details;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Kind;
import org.pushserver.push.Push;
import org.pushserver.queue.KeptPush;

/**
 * A push that has not ended, as bytes: all of it, with what came of it so far. Any thread.
 *
 * <p>The first byte is the version, the last four are a CRC-32C of all before them: both stay so in
 * every version. Of its asker only the words are kept, {@link Push#sender}, {@link Push#account}
 * and {@link Push#door}.
 *
 * <p>When it was born and when it is worthless is written in one of two ways: as dates, for whoever
 * reads them by the same clock ({@link #dated}), or as the times since then and until then, for
 * another machine, whose clock may be wrong ({@link #timed}). What is read is the same.
 */
public final class PushBytes {
  /** A push is not longer, in bytes: four times the largest body that a request may have. */
  public static final int LONGEST = 64 << 20;

  private static final int VERSION = 1;

  private static final int IS_TIMED = 1;
  private static final int MAY_HAVE_ARRIVED = 2;
  private static final int IS_WITHOUT_VOIP = 4;
  private static final int IS_SILENT = 8;
  private static final int HAS_DOOR = 16;

  /** Its number is its place; only ever added to at the end. */
  private static final Kind[] KINDS = {
    Kind.RING, Kind.CANCEL, Kind.MESSAGE, Kind.TRANSFER, Kind.WAKE
  };

  private PushBytes() {}

  /**
   * Writes a push with its dates, for who reads it by the clock of this machine.
   *
   * @return at most {@link #LONGEST}
   * @throws IllegalArgumentException when it is longer
   */
  public static byte[] dated(KeptPush kept) {
    return bytes(kept, 0, 0);
  }

  /**
   * Writes a push with the time that is left of it, for another machine.
   *
   * @param now by the clock of this machine, milliseconds since the epoch
   * @return at most {@link #LONGEST}
   * @throws IllegalArgumentException when it is longer
   */
  public static byte[] timed(KeptPush kept, long now) {
    return bytes(kept, IS_TIMED, now);
  }

  private static byte[] bytes(KeptPush kept, int how, long origin) {
    Push push = kept.push();
    Details details = push.details();
    RecordBuffer out = new RecordBuffer();
    out.begin(0);
    out.writeCount(VERSION);
    out.writeCount(
        how
            | (kept.mayHaveArrived() ? MAY_HAVE_ARRIVED : 0)
            | (push.device().withoutVoip() ? IS_WITHOUT_VOIP : 0)
            | (details.silent() ? IS_SILENT : 0)
            | (push.door() != null ? HAS_DOOR : 0));
    out.writeCount(kept.attempts());
    out.writeLong(push.id().getMostSignificantBits());
    out.writeLong(push.id().getLeastSignificantBits());
    out.writeLong(push.bornAt() - origin);
    out.writeLong(push.deadline() - origin);
    out.writeText(push.app().appId());
    out.writeText(push.app().platform());
    write(push.device(), out);
    out.writeText(push.event().name());
    out.writeCount(Arrays.asList(KINDS).indexOf(push.event().kind()));
    out.writeText(push.callId());
    write(details, out);
    out.writeText(push.request());
    out.writeText(push.sender());
    out.writeText(push.account());
    if (push.door() != null) {
      out.writeText(push.door());
    }
    return sealed(out);
  }

  private static void write(Device device, RecordBuffer out) {
    out.writeText(device.token());
    out.writeText(device.id());
    // Most have one token for all events.
    out.writeText(device.registration().equals(device.token()) ? null : device.registration());
    out.writeText(device.ref());
  }

  private static void write(Details details, RecordBuffer out) {
    out.writeText(details.from());
    out.writeText(details.fromDisplayName());
    out.writeText(details.to());
    out.writeText(details.mediaType());
    out.writeText(details.reason());
    out.writeLong(details.badge());
    out.writeText(details.account());
    out.writeText(details.filename());
    out.writeText(details.filetype());
    out.writeText(details.content());
    out.writeText(details.contentType());
    out.writeCount(details.extra().size());
    details
        .extra()
        .forEach(
            (name, value) -> {
              out.writeText(name);
              out.writeText(value);
            });
  }

  private static byte[] sealed(RecordBuffer out) {
    int length = out.position();
    if (length > LONGEST - Integer.BYTES) {
      throw new IllegalArgumentException("a push of " + length + " bytes is too long to be kept");
    }
    byte[] bytes = Arrays.copyOf(out.array(length), length + Integer.BYTES);
    ByteBuffer unused = ByteBuffer.wrap(bytes).putInt(length, seal(bytes, length));
    return bytes;
  }

  private static int seal(byte[] bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, 0, length);
    return (int) crc.getValue();
  }

  /**
   * Reads what {@link #dated} or {@link #timed} has written, by this version or one before it.
   *
   * @param bytes all of it, and nothing behind it
   * @param now by the clock of this machine, milliseconds since the epoch; what was written with
   *     dates does not depend on it
   * @throws DamagedPushException when that is not what they are; the message says why, without
   *     anything of their content
   */
  public static KeptPush read(byte[] bytes, long now) throws DamagedPushException {
    int length = bytes.length - Integer.BYTES;
    if (length <= 0 || bytes.length > LONGEST) {
      throw new DamagedPushException("no push has " + bytes.length + " bytes");
    }
    if (ByteBuffer.wrap(bytes).getInt(length) != seal(bytes, length)) {
      throw new DamagedPushException("the bytes are not as they were written");
    }
    if (bytes[0] != VERSION) {
      throw new DamagedPushException(
          "it has form "
              + (bytes[0] & 0xFF)
              + " of a newer Pushserver; this one reads form "
              + VERSION);
    }
    try {
      RecordBuffer in = new RecordBuffer(bytes);
      in.begin(1);
      KeptPush kept = kept(in, now);
      if (in.position() != length) {
        throw new DamagedPushException("more follows than belongs to a push");
      }
      return kept;
    } catch (IndexOutOfBoundsException | IllegalArgumentException | NullPointerException e) {
      // What the values themselves do not allow: an empty token, a deadline before birth.
      throw new DamagedPushException("the bytes do not make a push", e);
    }
  }

  private static KeptPush kept(RecordBuffer in, long now) {
    int flags = in.readCount();
    int attempts = in.readCount();
    long most = in.readLong();
    UUID id = new UUID(most, in.readLong());
    long origin = is(flags, IS_TIMED) ? now : 0;
    long bornAt = in.readLong() + origin;
    long deadline = in.readLong() + origin;
    String appId = common(in);
    AppKey app = new AppKey(appId, common(in));
    Device device = device(in, is(flags, IS_WITHOUT_VOIP));
    String event = common(in);
    Kind kind = KINDS[in.readCount()];
    String callId = in.readText();
    Details details = details(in, is(flags, IS_SILENT));
    String request = in.readText();
    String sender = common(in);
    Object asker = WireAsker.of(sender, in.readText());
    Push push =
        new Push(
            id,
            app,
            device,
            new Event(event, kind),
            callId,
            details,
            bornAt,
            deadline,
            request,
            asker);
    return new KeptPush(
        is(flags, HAS_DOOR) ? push.takenAt(in.readText()) : push,
        attempts,
        is(flags, MAY_HAVE_ARRIVED));
  }

  /**
   * A text that most pushes share: one object for all, so that a hundred thousand that were left
   * take no more memory than when they came.
   */
  private static String common(RecordBuffer in) {
    String text = in.readText();
    return text == null ? null : text.intern();
  }

  private static boolean is(int flags, int flag) {
    return (flags & flag) != 0;
  }

  private static Device device(RecordBuffer in, boolean isWithoutVoip) {
    String token = in.readText();
    String id = in.readText();
    String registration = in.readText();
    return new Device(
        token, id, registration == null ? token : registration, isWithoutVoip, in.readText());
  }

  private static Details details(RecordBuffer in, boolean isSilent) {
    String from = in.readText();
    String fromDisplayName = in.readText();
    String to = in.readText();
    String mediaType = common(in);
    String reason = in.readText();
    int badge = (int) in.readLong();
    String account = in.readText();
    String filename = in.readText();
    String filetype = in.readText();
    String content = in.readText();
    String contentType = in.readText();
    return new Details(
        from,
        fromDisplayName,
        to,
        mediaType,
        isSilent,
        reason,
        badge,
        account,
        filename,
        filetype,
        content,
        contentType,
        extra(in));
  }

  private static Map<String, String> extra(RecordBuffer in) {
    int count = in.readCount();
    if (count == 0) {
      return Map.of();
    }
    Map<String, String> extra = new HashMap<>();
    for (int i = 0; i < count; i++) {
      String name = in.readText();
      String unused = extra.put(name, in.readText());
    }
    return extra;
  }
}
