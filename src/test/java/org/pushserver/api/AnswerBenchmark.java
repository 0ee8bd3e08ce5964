// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;

/** What it costs to write the JSON that a caller gets. */
@State(Scope.Benchmark)
public class AnswerBenchmark {
  private final Push push =
      new PushReader(ScriptedDispatcher.withSamples(), new ManualTime())
          .read(SampleRequest.apple().bytes(), SampleRequest.JSON, SampleRequest.CALLER)
          .push();
  private final Outcome delivered =
      new Outcome(
          Outcome.Result.DELIVERED,
          new Response(200, "OK", "https://api.push.apple.com/3/device/6688ff9c", "{}"),
          1);

  /** The answer to a push that was delivered. */
  @Benchmark
  public Object answer() {
    return ApiResponse.outcome(push, delivered);
  }
}
