// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.pushserver.bench.ServerSetup.Section;

/**
 * Tokens by account: the import of a file of devices by the command, and pushes to accounts beside
 * pushes to tokens, with the same server and sink. One server keeps the accounts in memory, and one
 * reads each from its file.
 */
final class TokenPushes implements Scenario {
  static final String NAME = "tokens";

  /** Pushes to the token that the request names. */
  static final String BY_TOKEN = "push to a token";

  /** Pushes to an account that is in memory. */
  static final String BY_ACCOUNT = "push to an account";

  /** Pushes to an account that is read. */
  static final String FROM_FILE = "push to an account, from the file";

  /** The import, and the file that it makes. */
  static final String IMPORT = "tokens import";

  private static final String APP_ID = "com.example.phone";
  private static final int LOW_RATE = 1000;
  private static final long LEAST_WARM_UP = 100_000;
  private static final int IMPORT_LIMIT_MINUTES = 60;
  private static final double BYTES_PER_MB = 1_000_000;

  /** Further names of the application: a token may be stored once under each. */
  private static final int NAMES = 40;

  private static final int ACCOUNTS = NAMES * Posts.DEVICES;

  @Override
  public void play(Run run) throws Exception {
    Stage stage = run.stage();
    Build build = run.builds().get(0);
    ServerSetup setup = setup(stage, "tokens in memory", 100_000);
    Path file = fill(run, build, setup);
    ServerSetup other = setup(stage, "tokens in the file", 0);
    Path copy = stage.configuration(other).resolve("state").resolve(file.getFileName());
    var unusedFolder = Files.createDirectories(copy.getParent());
    var unusedCopy = Files.copy(file, copy);
    Running server = stage.start(build, setup);
    List<BenchIngress> doors =
        List.of(
            stage.door(BY_TOKEN, server, new Posts("apple", APP_ID, 1)),
            stage.door(BY_ACCOUNT, server, Posts.toAccounts(ACCOUNTS)),
            stage.door(FROM_FILE, stage.start(build, other), Posts.toAccounts(ACCOUNTS)));
    for (BenchIngress door : doors) {
      Run.say(NAME + ": warming up " + door.name());
      door.warmUp(run.plan().warmUp().atLeast(LEAST_WARM_UP));
    }
    for (int round = 0; round < run.plan().rounds(); round++) {
      Run.say(NAME + ": round " + (round + 1));
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
    Report report = run.report();
    report.add(NAME, door.name(), Measure.RATE, sample.perSecond());
    report.add(NAME, door.name(), Measure.CPU, sample.cpuMicrosPerPush());
    report.add(
        NAME, door.name(), Measure.RESIDENT, door.child().files().residentBytes() / BYTES_PER_MB);
    Times low = door.pace(LOW_RATE, run.plan().seconds());
    report.add(NAME, door.name(), Measure.THOUSAND_P99, low.answeredMillis(99));
    report.add(NAME, door.name(), Measure.THOUSAND_P999, low.answeredMillis(99.9));
  }

  private static ServerSetup setup(Stage stage, String name, int cached) {
    String names =
        IntStream.range(0, NAMES).mapToObj(TokenPushes::name).collect(Collectors.joining(", "));
    return ServerSetup.waiting(
            name,
            Section.of(APP_ID + "0", "apple", stage.sink().port())
                .with("app_aliases = " + names + "\n"))
        .with("state_dir = state\n[tokens]\ncache = " + cached + "\n");
  }

  private static String name(int number) {
    return "com.example.name" + number;
  }

  /** Makes the file of a server by the command; tells how long that took. */
  private static Path fill(Run run, Build build, ServerSetup setup) throws Exception {
    Stage stage = run.stage();
    Path config = stage.configuration(setup);
    var unused = Files.createDirectories(config.resolve("state"));
    Path lines = stage.dir().resolve("devices.jsonl");
    int devices = run.plan().devices();
    Run.say(NAME + ": writing " + devices + " devices");
    DeviceFile.write(lines, devices, ACCOUNTS, TokenPushes::name);
    Run.say(NAME + ": importing them");
    long begun = System.nanoTime();
    List<String> command = new ArrayList<>();
    command.add(build.launcher().toString());
    command.addAll(
        List.of("tokens", "import", "--config-dir", config.toString(), lines.toString()));
    try (Child child = Child.start(IMPORT, stage.dir(), Map.of(), command)) {
      if (!child.process().waitFor(IMPORT_LIMIT_MINUTES, TimeUnit.MINUTES)
          || child.process().exitValue() != 0) {
        throw new BenchException("the import failed:\n" + child.lastWords());
      }
    }
    double seconds = (System.nanoTime() - begun) / 1e9;
    Files.delete(lines);
    Path file = config.resolve("state/tokens.db");
    run.report().add(NAME, IMPORT, Measure.IMPORTED, devices / seconds);
    run.report().add(NAME, IMPORT, Measure.STORED, (double) Files.size(file) / devices);
    return file;
  }
}
