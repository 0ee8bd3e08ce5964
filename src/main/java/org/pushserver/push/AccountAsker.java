// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.push;

/** Who asked for a push by an account, and not by a device. */
public interface AccountAsker {
  /**
   * The account, as its device registered under it.
   *
   * @return not empty
   */
  String account();
}
