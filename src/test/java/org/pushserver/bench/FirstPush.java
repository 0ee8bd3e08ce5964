// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import org.pushserver.bench.ServerSetup.Section;

/** From the start of the JVM to the first push delivered, and the memory of a server at rest. */
final class FirstPush implements Scenario {
  static final String NAME = "start";

  private static final double BYTES_PER_MB = 1_000_000;
  private static final double NANOS_PER_MS = 1_000_000;
  private static final int SETTLE_MS = 500;
  private static final int OK = 200;

  @Override
  public void play(Run run) throws Exception {
    for (int round = 0; round < run.plan().starts(); round++) {
      Run.say("start: round " + (round + 1));
      for (Build build : Speed.inTurn(run.builds(), round)) {
        start(run, build);
      }
    }
  }

  private static void start(Run run, Build build) throws IOException, InterruptedException {
    Stage stage = run.stage();
    ServerSetup setup =
        ServerSetup.waiting(
            build.name() + " start",
            Section.of("com.example.phone0", "apple", stage.sink().port()));
    long began = System.nanoTime();
    Running server = stage.start(build, setup);
    Posts posts = new Posts("apple", "com.example.phone", 1);
    try (PacedClient client = new PacedClient(server.port(), posts, OK, 1)) {
      var unused = client.run(1, 1);
    }
    double took = (System.nanoTime() - began) / NANOS_PER_MS;
    run.report().add(NAME, build.name(), Measure.FIRST_PUSH, took);
    Thread.sleep(SETTLE_MS);
    double megabytes = server.child().files().residentBytes() / BYTES_PER_MB;
    run.report().add(NAME, build.name(), Measure.IDLE, megabytes);
    server.child().close();
  }
}
