// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pushserver.fake.FakeFcm;
import org.pushserver.spi.PushService;
import org.pushserver.spi.Time;

/** The push services for Firebase of one test, and their peer, which the test starts. */
final class FcmServices implements AfterEachCallback {
  final Vertx vertx = Vertx.vertx();
  final FakeFcm fcm = new FakeFcm(vertx);

  private final List<FcmFixture> made = new ArrayList<>();

  /** One more, closed when the test has ended; closing it before does no harm. */
  FcmFixture add(PushService service, Time time) {
    FcmFixture fixture = new FcmFixture(service, vertx, time);
    made.add(fixture);
    return fixture;
  }

  @Override
  public void afterEach(ExtensionContext test) throws Exception {
    for (FcmFixture fixture : made) {
      fixture.close();
    }
    await(vertx.close());
  }
}
