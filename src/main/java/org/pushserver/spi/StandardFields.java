// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.util.List;
import org.pushserver.push.Kind;

/** What requests of an ordinary application type look like. */
final class StandardFields {
  static final List<String> MEDIA_TYPES =
      List.of("audio", "video", "image", "chat", "sms", "file-transfer");

  private static final List<String> CANCEL = List.of("call-id", "from", "to");
  private static final List<String> OTHERS = List.of("call-id", "from", "to", "media-type");

  private StandardFields() {}

  static List<String> required(Kind kind) {
    return switch (kind) {
      case WAKE -> List.of();
      case CANCEL -> CANCEL;
      case RING, MESSAGE, TRANSFER -> OTHERS;
    };
  }
}
