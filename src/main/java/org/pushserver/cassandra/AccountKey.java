// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cassandra;

/**
 * An account as the table has it.
 *
 * @param user before the last {@code @}
 * @param domain behind it, exactly as it was given
 */
record AccountKey(String user, String domain) {
  /** Null for an account without a user or a domain, which the table has no place for. */
  static AccountKey of(String account) {
    int at = account.lastIndexOf('@');
    boolean whole = at > 0 && at < account.length() - 1;
    return whole ? new AccountKey(account.substring(0, at), account.substring(at + 1)) : null;
  }

  /** As it was given. */
  String account() {
    return user + "@" + domain;
  }
}
