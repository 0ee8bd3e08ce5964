// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.util.Locale;

/** How accounts are spelt where tokens are stored. Pure. */
public final class AccountNames {
  private AccountNames() {}

  /**
   * The same for all spellings of an account: its domain counts in any case, its user in one.
   *
   * @param account {@code user@domain}, or a user alone
   */
  public static String canonical(String account) {
    int at = account.lastIndexOf('@') + 1;
    String domain = at == 0 ? "" : account.substring(at);
    String lower = domain.toLowerCase(Locale.ROOT);
    return lower.equals(domain) ? account : account.substring(0, at) + lower;
  }
}
