// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.pushserver.dispatch.RungDevice;

/**
 * What this server has said to those who cancelled calls, by what they call their question: who
 * asks once more, because the answer has not come, is told the same. Of a call that is cancelled
 * nobody is named again. Any thread.
 */
final class AnsweredCancels {
  /** So many are remembered; who asks again asks soon. */
  private static final int MOST = 5_000;

  private final Map<String, Future<List<RungDevice>>> answers =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Future<List<RungDevice>>> eldest) {
          return size() > MOST;
        }
      };

  /**
   * @param id null when the server that asks is an older one
   * @param cancel called at most once for each
   */
  synchronized Future<List<RungDevice>> once(String id, Supplier<Future<List<RungDevice>>> cancel) {
    if (id == null) {
      return cancel.get();
    }
    Future<List<RungDevice>> before = answers.get(id);
    if (before != null) {
      return before;
    }
    Future<List<RungDevice>> answer = cancel.get();
    answers.put(id, answer);
    return answer;
  }
}
