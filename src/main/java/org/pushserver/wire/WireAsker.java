// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.wire;

import org.pushserver.push.AccountAsker;

/** Who asked for a push that came as bytes: all that is left of him is what he was called. */
record WireAsker(String sender) {
  /** What says the same as the asker of a push did; null when nothing did. */
  static Object of(String sender, String account) {
    if (account != null) {
      return new OfAccount(sender, account);
    }
    return sender == null ? null : new WireAsker(sender);
  }

  @Override
  public String toString() {
    return sender;
  }

  /** One who asked by an account. */
  record OfAccount(String sender, String account) implements AccountAsker {
    @Override
    public String toString() {
      return sender;
    }
  }
}
