// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.pushserver.push.AppKey;

/** All names of the push services, each with the one that applications are known by. Any thread. */
final class PlatformNames {
  private volatile Map<String, String> names = Map.of();

  /**
   * The name by which a push service's applications are known.
   *
   * @param name any name of it; one that nobody has is returned as it is
   */
  String canonical(String name) {
    return names.getOrDefault(name, name);
  }

  /**
   * Goes by other names from now on. Those of a push service that has gone stay as long as
   * something runs by it. One call at a time.
   *
   * @param known every name, and the canonical one
   * @param running the applications that go on
   */
  void update(Map<String, String> known, Collection<AppKey> running) {
    Map<String, String> all = new HashMap<>(known);
    names.forEach(
        (name, platform) -> {
          if (running.stream().anyMatch(app -> app.platform().equals(platform))) {
            all.putIfAbsent(name, platform);
          }
        });
    names = Map.copyOf(all);
  }
}
