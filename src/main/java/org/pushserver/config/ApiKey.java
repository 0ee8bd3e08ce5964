// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.util.Objects;
import java.util.Set;
import org.pushserver.push.AppKey;

/**
 * One key of the file {@code api_keys}: whose it is, which applications it opens, and what for.
 *
 * @param name whose it is; letters, digits, dots, dashes and underscores, so it is fit for a log
 * @param hash SHA-256 of the key, in lower-case hex; the key itself the server never has
 * @param all whether it opens every application
 * @param appIds the applications that it opens on each platform
 * @param applications those that it opens on one platform
 * @param rights what its holder may do with them
 */
public record ApiKey(
    String name,
    String hash,
    boolean all,
    Set<String> appIds,
    Set<AppKey> applications,
    Set<Right> rights) {
  public ApiKey {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(hash, "hash");
    appIds = Set.copyOf(appIds);
    applications = Set.copyOf(applications);
    rights = Set.copyOf(rights);
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

  /** Whether its holder may do this with the applications that it opens. */
  public boolean may(Right right) {
    return rights.contains(right) || (right == Right.SEARCH && rights.contains(Right.CONSOLE));
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
