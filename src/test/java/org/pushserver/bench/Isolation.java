// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.pushserver.bench.ServerSetup.Section;

/**
 * Whether an application notices that another one's route is dead, though that one gets a full
 * stream of pushes, each of which waits until it expires.
 */
final class Isolation implements Scenario {
  static final String NAME = "isolation";

  private static final double P99 = 99;
  private static final int EXPIRED = 504;
  private static final int HEALTHY_RATE = 2000;
  private static final int DEAD_RATE = 1000;
  private static final int DEAD_DEADLINE_S = 1;

  /** What waits at a time, and some to spare. */
  private static final int DEAD_CONNECTIONS = 3 * DEAD_RATE * DEAD_DEADLINE_S / 2;

  @Override
  public void play(Run run) throws Exception {
    for (Build build : run.builds()) {
      play(run, build);
    }
  }

  private static void play(Run run, Build build) throws Exception {
    Stage stage = run.stage();
    ServerSetup setup =
        ServerSetup.waiting(
            build.name() + " isolation",
            Section.of("com.example.healthy0", "apple", stage.sink().port()),
            new Section("com.example.dead0", "apple", Ports.free(), DEAD_DEADLINE_S));
    Running server = stage.start(build, setup);
    BenchIngress healthy =
        stage.door(build.name(), server, new Posts("apple", "com.example.healthy", 1));
    healthy.warmUp(run.plan().warmUp());
    healthy.settle(HEALTHY_RATE, run.plan().settle());
    ExecutorService second = Executors.newSingleThreadExecutor();
    try (PacedClient dead =
        new PacedClient(
            server.port(), new Posts("apple", "com.example.dead", 1), EXPIRED, DEAD_CONNECTIONS)) {
      for (int round = 0; round < run.plan().rounds(); round++) {
        Run.say(NAME + ": " + build.name() + ", round " + (round + 1));
        compare(run, healthy, dead, second);
      }
    } finally {
      second.shutdownNow();
    }
    healthy.close();
  }

  private static void compare(
      Run run, BenchIngress healthy, PacedClient dead, ExecutorService second)
      throws IOException, InterruptedException, ExecutionException {
    int seconds = run.plan().seconds();
    double alone = p99(healthy, seconds);
    // It begins before and ends after the healthy one.
    Future<Times> stream =
        second.submit(() -> dead.run(DEAD_RATE, DEAD_RATE * (seconds + 3 * DEAD_DEADLINE_S)));
    Thread.sleep(DEAD_DEADLINE_S * 1000L);
    double beside = p99(healthy, seconds);
    if (stream.isDone()) {
      throw new BenchException("the stream to the dead application ended too early");
    }
    long expired = stream.get().answered().getTotalCount();
    Run.say(NAME + ": " + expired + " pushes of the dead application expired");
    run.report().add(NAME, healthy.name(), Measure.ALONE_P99, alone);
    run.report().add(NAME, healthy.name(), Measure.BESIDE_P99, beside);
    run.report().add(NAME, healthy.name(), Measure.BESIDE_RATIO, beside / alone);
  }

  private static double p99(BenchIngress healthy, int seconds) throws IOException {
    return healthy.pace(HEALTHY_RATE, seconds).answeredMillis(P99);
  }
}
