// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import org.pushserver.bench.ServerSetup.Section;

/**
 * From the start of the JVM to the first push delivered, and the memory of a server at rest; with
 * the archive of classes and without.
 */
final class FirstPush implements Scenario {
  static final String NAME = "start";

  /** Our server without the archive. */
  static final String BARE = "pushserver, no archive";

  /** What the JVM does anyway; told so, bin/pushserver leaves the archive alone. */
  private static final String NO_ARCHIVE = "-Xshare:auto";

  private static final double BYTES_PER_MB = 1_000_000;
  private static final double NANOS_PER_MS = 1_000_000;
  private static final int SETTLE_MS = 500;
  private static final int OK = 200;

  @Override
  public void play(Run run) throws Exception {
    for (int round = 0; round < run.plan().starts(); round++) {
      Run.say("start: round " + (round + 1));
      for (Build build : Speed.inTurn(run.builds(), round)) {
        start(run, NAME, build, build.name(), "");
      }
      start(run, NAME, run.builds().get(0), BARE, NO_ARCHIVE);
      if (run.rival().isPresent()) {
        long began = System.nanoTime();
        Running server = run.rival().get().start(run.stage(), "gorush start");
        first(run, NAME, Gorush.NAME, began, server, Gorush.posts());
      }
    }
  }

  /** Starts a server once. */
  static void start(Run run, String scenario, Build build, String program, String javaOptions)
      throws IOException, InterruptedException {
    Stage stage = run.stage();
    ServerSetup setup =
        ServerSetup.waiting(
                program + " start", Section.of("com.example.phone0", "apple", stage.sink().port()))
            .withJava(javaOptions);
    long began = System.nanoTime();
    Running server = stage.start(build, setup);
    first(run, scenario, program, began, server, new Posts("apple", "com.example.phone", 1));
  }

  private static void first(
      Run run, String scenario, String program, long began, Running server, Posts posts)
      throws IOException, InterruptedException {
    try (PacedClient client = new PacedClient(server.port(), posts, OK, 1)) {
      var unused = client.run(1, 1);
    }
    double took = (System.nanoTime() - began) / NANOS_PER_MS;
    run.report().add(scenario, program, Measure.FIRST_PUSH, took);
    Thread.sleep(SETTLE_MS);
    double megabytes = server.child().files().residentBytes() / BYTES_PER_MB;
    run.report().add(scenario, program, Measure.IDLE, megabytes);
    server.child().close();
  }
}
