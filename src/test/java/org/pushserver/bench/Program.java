// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.Closeable;
import java.io.IOException;

/** A program that is measured. */
abstract class Program implements Closeable {
  private final String name;
  private final Child child;
  private final Sink sink;

  Program(String name, Child child, Sink sink) {
    this.name = name;
    this.child = child;
    this.sink = sink;
  }

  final String name() {
    return name;
  }

  final Child child() {
    return child;
  }

  /** Sends it, or lets it send, as much as it can take. */
  abstract Load load(int seconds) throws IOException, InterruptedException;

  /** Waits until it has done one push: on a busy machine the first takes longer than load waits. */
  void first() throws IOException {}

  /** Loads it until its pushes become no cheaper. */
  final void warmUp(WarmUp warmUp) throws IOException, InterruptedException {
    first();
    WarmUp.Result result =
        warmUp.until(
            seconds -> {
              Sample sample = saturate(seconds);
              return new WarmUp.Step(sample.load().requests(), sample.cpuMicrosPerPush());
            });
    Run.say("  " + result.text());
  }

  /** Measures it under full load; fails when a push went wrong. */
  final Sample saturate(int seconds) throws IOException, InterruptedException {
    long bytes = sink.bytes();
    long cpu = child.files().cpuMicros();
    Load load = load(seconds);
    Sample sample = new Sample(load, child.files().cpuMicros() - cpu);
    sink.verify(name(), load.requests(), bytes);
    child.emptyLog();
    return sample;
  }

  final Sink sink() {
    return sink;
  }

  @Override
  public void close() {
    child.close();
  }
}
