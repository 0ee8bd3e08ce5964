// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pushserver.bench.ServerSetup.Section;

/**
 * What it costs to tell of each push: the same server without and with something that is told, in
 * turn.
 */
final class TellingCost implements Scenario {
  /** The one that measures the trail alone. */
  static final String TRAIL = "trail";

  /** The one that measures all else that is told of a push. */
  static final String TOLD = "told";

  /** The server that keeps no records. */
  static final String OFF = "pushserver, no trail";

  /** The one that does. */
  static final String ON = "pushserver, trail";

  /** A server that tells nobody, and is asked to remember nothing. */
  static final String NOBODY = "pushserver, nobody told";

  /** What runs ten times a second is compiled late. */
  private static final long LEAST_WARM_UP = 300_000;

  /** The difference is small: more turns than others get, for a median that holds still. */
  private static final int TURNS = 4;

  private final String name;

  private TellingCost(String name) {
    this.name = name;
  }

  static TellingCost trail() {
    return new TellingCost(TRAIL);
  }

  static TellingCost told() {
    return new TellingCost(TOLD);
  }

  private List<ServerSetup> setups(Stage stage) throws Exception {
    if (name.equals(TRAIL)) {
      return List.of(setup(stage, OFF, ""), setup(stage, ON, "").withTrail());
    }
    return List.of(
        setup(stage, NOBODY, ""),
        setup(stage, "pushserver, acks", "").with("acks = yes\n"),
        setup(stage, "pushserver, hep", "")
            .with("hep_url = udp://127.0.0.1:%s%n".formatted(stage.deafPort())),
        setup(
            stage,
            "pushserver, results",
            """
            results_url = http://127.0.0.1:%s/
            results_secret = 0123456789abcdef0123456789abcdef
            """
                .formatted(stage.collectorPort())));
  }

  @Override
  public void play(Run run) throws Exception {
    List<BenchIngress> doors = new ArrayList<>();
    for (ServerSetup setup : setups(run.stage())) {
      doors.add(start(run, setup));
    }
    WarmUp warmUp = run.plan().warmUp().atLeast(LEAST_WARM_UP);
    Turns.saturate(run, name, doors, warmUp, TURNS * run.plan().rounds());
  }

  private static BenchIngress start(Run run, ServerSetup setup)
      throws IOException, InterruptedException {
    Running server = run.stage().start(run.builds().get(0), setup);
    Posts posts = new Posts("apple", "com.example.phone", 1);
    return run.stage().door(setup.name(), server, posts);
  }

  private static ServerSetup setup(Stage stage, String name, String lines) {
    return ServerSetup.waiting(
        name, Section.of("com.example.phone0", "apple", stage.sink().port()).with(lines));
  }
}
