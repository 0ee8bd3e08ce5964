// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.pushserver.bench.ServerSetup.Section;

/**
 * What a push costs a process that has the server within it: over the event bus, and over HTTP from
 * outside. The same configuration, the same requests, 64 on the way. The process pays for the
 * sender, too, when that is within it.
 */
final class Bus implements Scenario {
  static final String NAME = "bus";

  /** The server within a program, asked over HTTP. */
  static final String HTTP = "embedded, HTTP";

  /** The same, asked by its own program with the client. */
  static final String CLIENT = "embedded, PushClient";

  private static final String JSON = "embedded, JSON on the bus";

  @Override
  public void play(Run run) throws Exception {
    Stage stage = run.stage();
    List<Program> programs = new ArrayList<>();
    programs.add(asked(stage));
    programs.add(talking(stage, CLIENT, BusSender.Way.CLIENT));
    programs.add(talking(stage, JSON, BusSender.Way.JSON));
    Turns.saturate(run, NAME, programs, run.plan().warmUp(), run.plan().rounds());
  }

  private static Program asked(Stage stage) throws IOException, InterruptedException {
    Running server = stage.embedded(setup(stage, HTTP), BusSender.Way.CLIENT);
    Posts posts = new Posts("apple", "com.example.phone", 1);
    return stage.door(HTTP, server, posts);
  }

  private static Program talking(Stage stage, String name, BusSender.Way way)
      throws IOException, InterruptedException {
    return new TalkingProgram(name, stage.embedded(setup(stage, name), way).child(), stage.sink());
  }

  private static ServerSetup setup(Stage stage, String name) {
    return ServerSetup.waiting(
        name, Section.of("com.example.phone0", "apple", stage.sink().port()));
  }
}
