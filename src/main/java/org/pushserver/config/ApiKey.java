// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.util.Objects;
import java.util.Set;
import org.pushserver.push.AppKey;

/**
 * One key of the file {@code api_keys}: whose it is, and which applications it opens.
 *
 * @param name whose it is; letters, digits, dots, dashes and underscores, so it is fit for a log
 * @param hash SHA-256 of the key, in lower-case hex; the key itself the server never has
 * @param all whether it opens every application
 * @param appIds the applications that it opens on each platform
 * @param applications those that it opens on one platform
 */
public record ApiKey(
    String name, String hash, boolean all, Set<String> appIds, Set<AppKey> applications) {
  public ApiKey {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(hash, "hash");
    appIds = Set.copyOf(appIds);
    applications = Set.copyOf(applications);
  }

  /** Whether this is a name for a key. */
  public static boolean isName(String name) {
    return name.matches("[A-Za-z0-9._-]{1,64}");
  }

  /** Whether its holder may send pushes for this application. */
  public boolean opens(AppKey application) {
    return all || appIds.contains(application.appId()) || applications.contains(application);
  }

  /** The name alone. */
  @Override
  public String toString() {
    return name;
  }
}
