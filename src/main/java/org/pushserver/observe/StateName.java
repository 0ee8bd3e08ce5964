// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import org.pushserver.spi.Condition.State;

/** How the state of an application is called wherever an operator meets it. */
final class StateName {
  private StateName() {}

  static String of(State state) {
    return switch (state) {
      case CONNECTED -> "connected";
      case CONNECTING -> "reconnecting";
      case REFUSED -> "credentials_refused";
    };
  }
}
