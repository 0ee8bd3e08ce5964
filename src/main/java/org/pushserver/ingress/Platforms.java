// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import org.pushserver.push.AppKey;

/** The names that callers use for platforms. */
final class Platforms {
  private Platforms() {}

  /** The canonical name of a platform; names without a synonym, custom ones too, stay as given. */
  static String canonical(String name) {
    return switch (name) {
      case "apple", "ios", "apns" -> AppKey.APPLE;
      case "firebase", "android", "fcm" -> AppKey.FIREBASE;
      default -> name;
    };
  }
}
