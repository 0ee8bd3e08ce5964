// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** A program that is measured. */
abstract class Program implements Closeable {
  private static final int WARM_UP_STEP_S = 2;

  /** A step that costs less than so much of the one before shows that it is not warm yet. */
  private static final double STILL_FALLING = 0.95;

  private static final long WARM_UP_LIMIT_NANOS = TimeUnit.MINUTES.toNanos(2);

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

  /**
   * Loads it, until it has done so many pushes and they have become no cheaper for a while: cold
   * code costs a multiple, and how many pushes warm it depends on how many applications share them.
   */
  final void warmUp(long pushes) throws IOException, InterruptedException {
    long end = System.nanoTime() + WARM_UP_LIMIT_NANOS;
    double before = Double.MAX_VALUE;
    boolean warm = false;
    for (long done = 0; (done < pushes || !warm) && System.nanoTime() < end; ) {
      Sample sample = saturate(WARM_UP_STEP_S);
      done += sample.load().requests();
      warm = sample.cpuMicrosPerPush() > before * STILL_FALLING;
      before = sample.cpuMicrosPerPush();
    }
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
