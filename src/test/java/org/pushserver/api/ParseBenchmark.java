// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonFactory;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.pushserver.fake.ManualTime;

/** What it costs to make a push of the bytes of a request. */
@State(Scope.Benchmark)
public class ParseBenchmark {
  private final PushReader reader =
      new PushReader(ScriptedDispatcher.withSamples(), new ManualTime());
  private final JsonFactory json = SampleRequest.JSON;
  private final byte[] body = SampleRequest.apple().bytes();

  /** The request of a call. */
  @Benchmark
  public Object parse() {
    return reader.read(body, json, SampleRequest.CALLER);
  }
}
