// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pushserver.bench.ServerSetup.Section;

/**
 * What a push from a script costs whoever runs it: bin/pushclient beside a server, one process
 * after the other.
 */
final class ScriptedPush implements Scenario {
  static final String NAME = "pushclient";

  /** In the results. */
  static final String SCRIPT = "bin/pushclient";

  private static final Path COMMAND = Path.of("bin", "pushclient");
  private static final String APP_ID = "com.example.phone0";
  private static final int ROUNDS = 5;

  /** Processor time is counted in hundredths of a second: of so many pushes that is near enough. */
  private static final int PUSHES = 20;

  private static final double NANOS_PER_MS = 1_000_000;
  private static final double MICROS_PER_MS = 1000;

  @Override
  public void play(Run run) throws Exception {
    Stage stage = run.stage();
    ServerSetup setup = ServerSetup.waiting(NAME, Section.of(APP_ID, "apple", stage.sink().port()));
    Running server = stage.start(run.builds().get(0), setup);
    List<String> command = command(server.port());
    // Also a cold disk and a cold server are not the script's.
    round(new Report(), stage.dir(), command);
    for (int round = 0; round < ROUNDS; round++) {
      Run.say(NAME + ": round " + (round + 1));
      round(run.report(), stage.dir(), command);
    }
    server.child().close();
  }

  private static List<String> command(int port) {
    List<String> command = new ArrayList<>();
    command.add(COMMAND.toAbsolutePath().toString());
    command.addAll(List.of("--url", "http://127.0.0.1:" + port + "/push"));
    command.addAll(List.of("--platform", "apple", "--appid", APP_ID, "--token", Posts.device(0)));
    command.addAll(List.of("--from", "sip:alice@example.com", "--to", "sip:bob@example.com"));
    return command;
  }

  private static void round(Report report, Path dir, List<String> command)
      throws IOException, InterruptedException {
    ProcessFiles own = new ProcessFiles(ProcessHandle.current().pid());
    long cpu = own.endedChildrenMicros();
    for (int push = 0; push < PUSHES; push++) {
      long began = System.nanoTime();
      try (Child child = Child.start(NAME + " script", dir, Map.of(), command)) {
        if (child.process().waitFor() != 0) {
          throw new BenchException(SCRIPT + " failed:\n" + child.lastWords());
        }
      }
      report.add(NAME, SCRIPT, Measure.WALL, (System.nanoTime() - began) / NANOS_PER_MS);
    }
    double micros = own.endedChildrenMicros() - cpu;
    report.add(NAME, SCRIPT, Measure.CPU_MILLIS, micros / PUSHES / MICROS_PER_MS);
  }
}
