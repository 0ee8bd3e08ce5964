// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushserver.config.ApiKey;
import org.pushserver.config.Right;
import org.pushserver.push.AppKey;
import org.pushserver.trail.TrailScope;

/**
 * What the holder of an API key may see of the trail: the only place where that is decided, for
 * every way in which the trail is shown. Any thread.
 */
public final class KeyScope {
  private KeyScope() {}

  /**
   * The pushes of the applications that a key opens. One that opens all of them sees everything,
   * also requests that were refused and name no application.
   *
   * @param key null, or without the right to search, sees nothing
   */
  public static TrailScope of(ApiKey key) {
    if (key == null || !key.may(Right.SEARCH)) {
      return TrailScope.NONE;
    }
    return key.all() ? TrailScope.ALL : new Opened(key);
  }

  /** What one key opens. */
  private record Opened(ApiKey key) implements TrailScope {
    @Override
    public boolean sees(AppKey app) {
      return app != null && key.opens(app);
    }

    @Override
    public Set<String> appIds() {
      return Stream.concat(key.appIds().stream(), key.applications().stream().map(AppKey::appId))
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  /**
   * The same for whoever asks at a door.
   *
   * @param operator whether the door is the operator's own, where nobody shows a key
   * @param key what was shown; null for none
   */
  public static TrailScope of(boolean operator, ApiKey key) {
    return operator ? TrailScope.ALL : of(key);
  }
}
