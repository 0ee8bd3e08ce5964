// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** The event loops of one test: the routes and the peers on them end with it. */
final class EventLoops implements AfterEachCallback {
  final Vertx vertx = RouteFixture.vertx();

  @Override
  public void afterEach(ExtensionContext test) {
    await(vertx.close());
  }
}
