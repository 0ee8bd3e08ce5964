// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.endpoint;

import io.vertx.core.Future;
import io.vertx.ext.web.RoutingContext;

/** What is shown to who asks for it, and is not to be kept for long. Immutable; any event loop. */
public interface Shown {
  /**
   * Answers with it: who has not read it after 10 s does not get the rest.
   *
   * @return completes when nothing of it is held for this reader any more, whatever became of it
   */
  Future<Void> show(RoutingContext context);
}
