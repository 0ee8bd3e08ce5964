// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pushserver.cause.Causes;
import org.pushserver.cause.Explanation;
import org.pushserver.push.AppKey;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailPage;
import org.pushserver.trail.TrailQuery;
import org.pushserver.trail.TrailScope;

/**
 * Explains entries with a look at how others of their applications fared; for the API and the
 * console alike. Any thread.
 */
public final class CallCauses {
  /** So many others are looked at. */
  private static final int BEFORE = 50;

  /** Of so many applications; a call rings on two or three. */
  private static final int MOST_APPLICATIONS = 4;

  private CallCauses() {}

  /**
   * Explains entries of one call.
   *
   * @param scope what the asker may see
   * @return completes with an explanation for each, in their order, also when the search for others
   *     failed
   */
  public static Future<List<Explanation>> explain(
      Trail trail, TrailScope scope, List<TrailEntry> entries) {
    Map<AppKey, Future<TrailPage>> others = new LinkedHashMap<>();
    for (TrailEntry entry : entries) {
      if (isWorthALook(entry) && others.size() < MOST_APPLICATIONS) {
        others.computeIfAbsent(entry.app(), app -> trail.search(before(scope, entry)));
      }
    }
    return Future.join(List.copyOf(others.values()))
        .transform(
            done -> {
              List<Explanation> explained = new ArrayList<>();
              for (TrailEntry entry : entries) {
                explained.add(Causes.explain(entry, before(entry, others.get(entry.app()))));
              }
              return Future.succeededFuture(explained);
            });
  }

  private static boolean isWorthALook(TrailEntry entry) {
    return entry.app() != null && entry.end() != null && entry.end() != TrailEnd.DELIVERED;
  }

  /** A few more than are wanted, because some of them ended later. */
  private static TrailQuery before(TrailScope scope, TrailEntry entry) {
    return TrailQuery.all(scope, 2 * BEFORE).of(entry.app(), entry.at());
  }

  private static List<TrailEntry> before(TrailEntry entry, Future<TrailPage> others) {
    if (others == null || others.failed()) {
      return List.of();
    }
    return others.result().entries().stream()
        .filter(other -> other.end() != null && other.endedAt() <= entry.endedAt())
        .limit(BEFORE)
        .toList();
  }
}
