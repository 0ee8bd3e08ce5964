// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.Set;
import org.pushserver.push.AppKey;

/**
 * Whose pushes somebody may see: the one filter that search, API, console and live tail all go
 * through. Any thread.
 */
@FunctionalInterface
public interface TrailScope {
  /** Everything, also requests that were refused and name no application. */
  TrailScope ALL = app -> true;

  /** Nothing. */
  TrailScope NONE = app -> false;

  /**
   * Whether pushes of this application may be seen.
   *
   * @param app null for a request that named none
   */
  boolean sees(AppKey app);

  /**
   * Of which applications a push must be to be seen, as far as that can be said, so that a search
   * need not look at all others: it decides nothing.
   *
   * @return their {@code app-id}s; null for any
   */
  default Set<String> appIds() {
    return null;
  }
}
