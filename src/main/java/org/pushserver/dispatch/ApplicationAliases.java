// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.pushserver.events.Application;
import org.pushserver.push.AppKey;

/** The further names of the applications that run, and which of them each means. Any thread. */
final class ApplicationAliases {
  private final Map<AppKey, Set<AppKey>> meant = new ConcurrentHashMap<>();

  /** Lets an application be found by its further names. */
  void add(Application application) {
    for (String alias : application.aliases()) {
      meant.merge(of(application, alias), Set.of(application.key()), ApplicationAliases::union);
    }
  }

  /** Forgets those of an application, as it was added. */
  void remove(Application application) {
    for (String alias : application.aliases()) {
      meant.computeIfPresent(
          of(application, alias), (name, keys) -> without(keys, application.key()));
    }
  }

  /** The application that a name means; empty when it means none, or more than one. */
  Optional<AppKey> find(AppKey name) {
    Set<AppKey> keys = meant.get(name);
    return keys == null || keys.size() > 1 ? Optional.empty() : keys.stream().findFirst();
  }

  private static AppKey of(Application application, String alias) {
    return new AppKey(alias, application.key().platform());
  }

  private static Set<AppKey> union(Set<AppKey> some, Set<AppKey> more) {
    Set<AppKey> all = new HashSet<>(some);
    all.addAll(more);
    return Set.copyOf(all);
  }

  private static Set<AppKey> without(Set<AppKey> keys, AppKey key) {
    Set<AppKey> others = new HashSet<>(keys);
    others.remove(key);
    return others.isEmpty() ? null : Set.copyOf(others);
  }
}
