// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.SamplePush;

/** What it costs to write one of the three log lines of a push, without the way to the file. */
@State(Scope.Benchmark)
public class LineBenchmark {
  private final Push call = SamplePush.of(Event.INCOMING_SESSION).push();
  private final Outcome delivered =
      new Outcome(
          Outcome.Result.DELIVERED, new Response(200, "OK", "https://push.example/3", "{}"), 1);

  /** The line of a push that was delivered, as text. */
  @Benchmark
  public Object line() {
    return PushLogLines.outcome(call, delivered, 12).toString();
  }
}
