// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import org.pushserver.push.Details;
import org.pushserver.push.Device;
import org.pushserver.push.Push;
import org.pushserver.push.Response;

/**
 * The estimate of how much of the heap a push takes while it waits, in bytes: what was measured of
 * an ordinary one ({@code src/docs/performance.md}), and the length of what it says. Pure
 * arithmetic.
 */
final class Weight {
  /** The push and all that is kept about it, but its text. */
  private static final int PUSH = 420;

  /** A string with no character in it. */
  private static final int STRING = 40;

  /** Who waits for it: the request, its answer to be, and the connection that it came on. */
  static final int CLIENT = 5_000;

  /** From here on a string holds two bytes for each of its characters. */
  private static final char WIDE = 0x100;

  /** From here on a notification may be too long for its service. */
  private static final int BIG = 2_048;

  private Weight() {}

  /** Whether it says so much that its service may never take it. */
  static boolean isBig(Push push) {
    Details details = push.details();
    return (details.content() != null && details.content().length() > BIG / 2)
        || (!details.extra().isEmpty() && of(push) > BIG);
  }

  /** What a push takes that nobody waits for. */
  static int of(Push push) {
    Device device = push.device();
    Details details = push.details();
    int bytes =
        PUSH
            + name(push.callId())
            + name(device.token())
            + name(device.id())
            + name(details.from())
            + name(details.fromDisplayName())
            + name(details.to())
            + name(details.reason())
            + name(details.account())
            + name(details.filename())
            + name(details.filetype())
            + name(details.contentType())
            + text(details.content())
            + text(push.request());
    if (!device.registration().equals(device.token())) {
      bytes += name(device.registration());
    }
    if (!details.extra().isEmpty()) {
      for (var field : details.extra().entrySet()) {
        bytes += text(field.getKey()) + text(field.getValue());
      }
    }
    return bytes;
  }

  /** What an answer takes that is kept until the next one. */
  static int of(Response response) {
    return response == null
        ? 0
        : STRING + name(response.reason()) + name(response.url()) + text(response.body());
  }

  /** Short, or of plain characters. */
  private static int name(String text) {
    return text == null ? 0 : STRING + text.length();
  }

  private static int text(String text) {
    if (text == null) {
      return 0;
    }
    int length = text.length();
    for (int i = 0; i < length; i++) {
      if (text.charAt(i) >= WIDE) {
        return STRING + 2 * length;
      }
    }
    return STRING + length;
  }
}
