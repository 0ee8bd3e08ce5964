// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import io.netty.util.AsciiString;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.pushserver.push.AppKey;

/**
 * One key of the file {@code api_keys}: whose it is, which applications it opens, and what for. One
 * that is limited to domains is good for nothing but the accounts of these, and so for no request
 * that names no account: {@link #may(Right)} says no to all of them.
 *
 * @param name whose it is; letters, digits, dots, dashes and underscores, so it is fit for a log
 * @param hash SHA-256 of the key, in lower-case hex; the key itself the server never has
 * @param all whether it opens every application
 * @param appIds the applications that it opens on each platform
 * @param applications those that it opens on one platform
 * @param rights what its holder may do with them
 * @param domains of the accounts that it is limited to, in lower case; empty for no limit
 */
public record ApiKey(
    String name,
    String hash,
    boolean all,
    Set<String> appIds,
    Set<AppKey> applications,
    Set<Right> rights,
    Set<String> domains) {
  public ApiKey {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(hash, "hash");
    appIds = Set.copyOf(appIds);
    applications = Set.copyOf(applications);
    rights = Set.copyOf(rights);
    domains = Set.copyOf(domains);
  }

  /** One without a limit to domains. */
  public ApiKey(
      String name,
      String hash,
      boolean all,
      Set<String> appIds,
      Set<AppKey> applications,
      Set<Right> rights) {
    this(name, hash, all, appIds, applications, rights, Set.of());
  }

  /** One that opens them for pushes alone. */
  public ApiKey(
      String name, String hash, boolean all, Set<String> appIds, Set<AppKey> applications) {
    this(name, hash, all, appIds, applications, Right.DEFAULT);
  }

  /** Whether this is a name for a key. */
  public static boolean isName(String name) {
    return name.matches("[A-Za-z0-9._-]{1,64}");
  }

  /**
   * Whether this is a domain that a key may be limited to: a name, or an address, without a port.
   */
  public static boolean isDomain(String domain) {
    return domain.matches("[A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}\\]");
  }

  /**
   * Whether its holder may do this with the applications that it opens, whoever is called: one that
   * is limited to domains may not.
   */
  public boolean may(Right right) {
    return domains.isEmpty() && hasRight(right);
  }

  /** Whether its holder may do this with an account, as the store of tokens spells it. */
  public boolean may(Right right, String account) {
    return hasRight(right) && (domains.isEmpty() || isOfDomains(account));
  }

  /** Whether its holder may do this at all, be it with the accounts of some domains alone. */
  public boolean hasRight(Right right) {
    return rights.contains(right) || (right == Right.SEARCH && rights.contains(Right.CONSOLE));
  }

  /** An account with two domains is of none. */
  private boolean isOfDomains(String account) {
    int at = account.indexOf('@');
    return at > 0
        && account.indexOf('@', at + 1) < 0
        && AsciiString.containsContentEqualsIgnoreCase(
            List.copyOf(domains), account.substring(at + 1));
  }

  /** Whether it is for this application. */
  public boolean opens(AppKey application) {
    return all || appIds.contains(application.appId()) || applications.contains(application);
  }

  /** The name alone. */
  @Override
  public String toString() {
    return name;
  }
}
