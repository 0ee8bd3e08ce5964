// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sylk;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.SamplePush;

/** What it costs to make the notification of a call. */
@State(Scope.Benchmark)
public class PayloadBenchmark {
  private final PayloadMaker apple = maker(AppKey.APPLE);
  private final PayloadMaker firebase = maker(AppKey.FIREBASE);
  private final Push call = SamplePush.of(Event.INCOMING_SESSION).push();

  private static PayloadMaker maker(String platform) {
    return new SylkApplication().payloadMaker(platform).orElseThrow();
  }

  /** For APNs. */
  @Benchmark
  public Object apple() {
    return apple.make(call, SamplePush.BORN);
  }

  /** For FCM. */
  @Benchmark
  public Object firebase() {
    return firebase.make(call, SamplePush.BORN);
  }
}
