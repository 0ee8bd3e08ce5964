// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Context;
import io.vertx.core.Deployable;
import io.vertx.core.Future;

/**
 * A verticle that is let go of when it has ended, or has not started. Vert.x (5.0.10) never forgets
 * one that has failed to start, and all that it holds would stay in memory with it: a whole server,
 * or the classes of a plugin.
 */
public final class ForgettableVerticle implements Deployable {
  /** Null once it has ended. Its own event loop only. */
  private Deployable verticle;

  /**
   * @param verticle what is deployed in truth, once
   */
  public ForgettableVerticle(Deployable verticle) {
    this.verticle = verticle;
  }

  @Override
  public Future<?> deploy(Context context) {
    Future<?> started;
    try {
      started = verticle.deploy(context);
    } catch (Exception e) {
      started = Future.failedFuture(e);
    }
    return started.onFailure(cause -> verticle = null);
  }

  @Override
  public Future<?> undeploy(Context context) throws Exception {
    return verticle == null
        ? Future.succeededFuture()
        : verticle.undeploy(context).onComplete(ended -> verticle = null);
  }
}
