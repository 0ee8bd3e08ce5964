// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pushserver.bench.ServerSetup.Section;

/**
 * What it costs to keep a record of each push: the same server twice, with the trail and without,
 * in turn.
 */
final class TrailCost implements Scenario {
  static final String NAME = "trail";

  /** The server that keeps no records. */
  static final String OFF = "pushserver, no trail";

  /** The one that does. */
  static final String ON = "pushserver, trail";

  private static final int OK = 200;

  /** The difference is small: more turns than others get, for a median that holds still. */
  private static final int TURNS = 4;

  @Override
  public void play(Run run) throws Exception {
    List<BenchIngress> doors = new ArrayList<>();
    doors.add(start(run, setup(run.stage(), OFF)));
    doors.add(start(run, setup(run.stage(), ON).withTrail()));
    for (BenchIngress door : doors) {
      Run.say("trail: warming up " + door.name());
      door.warmUp(run.plan().warmUp());
    }
    for (int round = 0; round < TURNS * run.plan().rounds(); round++) {
      Run.say("trail: saturation, round " + (round + 1));
      for (BenchIngress door : Speed.inTurn(doors, round)) {
        measure(run, door);
      }
    }
    for (BenchIngress door : doors) {
      door.close();
    }
  }

  private static void measure(Run run, BenchIngress door) throws IOException, InterruptedException {
    Sample sample = door.saturate(run.plan().seconds());
    run.report().add(NAME, door.name(), Measure.RATE, sample.perSecond());
    run.report().add(NAME, door.name(), Measure.CPU, sample.cpuMicrosPerPush());
  }

  private static BenchIngress start(Run run, ServerSetup setup)
      throws IOException, InterruptedException {
    Running server = run.stage().start(run.builds().get(0), setup);
    Posts posts = new Posts("apple", "com.example.phone", 1);
    // On a busy machine the first one takes longer than wrk may wait.
    try (PacedClient client = new PacedClient(server.port(), posts, OK, 1)) {
      var unused = client.run(1, 1);
    }
    return run.stage().door(setup.name(), server, posts);
  }

  private static ServerSetup setup(Stage stage, String name) {
    return ServerSetup.waiting(
        name, Section.of("com.example.phone0", "apple", stage.sink().port()));
  }
}
