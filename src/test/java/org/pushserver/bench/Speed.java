// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pushserver.bench.ServerSetup.Section;

/**
 * How many pushes a second, what each costs, and how long it takes. Every program has its turn in
 * every round, and another one begins each time.
 */
final class Speed implements Scenario {
  static final String NAME = "speed";

  /** Our server with its log switched off. */
  static final String SILENT = "pushserver apple, no log";

  private static final double BYTES_PER_MB = 1_000_000;
  private static final int LOW_RATE = 1000;
  static final List<String> PLATFORMS = List.of("apple", "firebase");
  private static final String NO_LOG = "<configuration><root level=\"OFF\"/></configuration>";

  private final Map<String, List<Double>> rates = new HashMap<>();

  @Override
  public void play(Run run) throws Exception {
    List<BenchIngress> timed = timed(run);
    List<Program> programs = new ArrayList<>(timed);
    programs.addAll(untimed(run));
    programs.add(run.stage().pushy());
    for (Program program : programs) {
      Run.say("speed: warming up " + program.name());
      program.warmUp(run.plan().warmUp());
    }
    for (int round = 0; round < run.plan().rounds(); round++) {
      Run.say("speed: saturation, round " + (round + 1));
      for (Program program : inTurn(programs, round)) {
        saturate(run, program);
      }
    }
    for (BenchIngress door : timed) {
      Run.say("speed: half of its saturation, for " + door.name());
      door.settle(half(door), run.plan().settle());
    }
    for (int round = 0; round < run.plan().timed(); round++) {
      Run.say("speed: times, round " + (round + 1));
      for (BenchIngress door : inTurn(timed, round)) {
        pace(run, door);
      }
    }
    for (Program program : programs) {
      program.close();
    }
  }

  /** Those that are asked at a constant rate, too. */
  private static List<BenchIngress> timed(Run run) throws IOException, InterruptedException {
    Stage stage = run.stage();
    List<BenchIngress> doors = new ArrayList<>();
    for (Build build : run.builds()) {
      Running server = stage.start(build, setup(stage, build.name(), ""));
      for (String platform : PLATFORMS) {
        doors.add(stage.door(build.name() + " " + platform, server, posts(platform)));
      }
    }
    doors.add(stage.relay("pooled"));
    if (run.rival().isPresent()) {
      doors.add(run.rival().get().door(stage));
    }
    return doors;
  }

  private static List<BenchIngress> untimed(Run run) throws IOException, InterruptedException {
    Stage stage = run.stage();
    List<BenchIngress> doors = new ArrayList<>();
    Path config = Files.writeString(stage.dir().resolve("no-log.xml"), NO_LOG);
    String option = "-Dlogback.configurationFile=" + config;
    Running server = stage.start(run.builds().get(0), setup(stage, "no log", option));
    doors.add(stage.door(SILENT, server, posts("apple")));
    doors.add(stage.relay("connect"));
    return doors;
  }

  private static ServerSetup setup(Stage stage, String name, String javaOptions) {
    return ServerSetup.waiting(
            name,
            Section.of("com.example.phone0", "apple", stage.sink().port()),
            Section.of("com.example.phone0", "firebase", stage.sink().port()))
        .withJava(javaOptions);
  }

  private static Posts posts(String platform) {
    return new Posts(platform, "com.example.phone", 1);
  }

  /** The same ones, in the order of a round. */
  static <T> List<T> inTurn(List<? extends T> all, int round) {
    List<T> turn = new ArrayList<>(all);
    Collections.rotate(turn, round);
    return turn;
  }

  private void saturate(Run run, Program program) throws IOException, InterruptedException {
    Sample sample = program.saturate(run.plan().seconds());
    report(run, NAME, program, sample);
    rates.computeIfAbsent(program.name(), name -> new ArrayList<>()).add(sample.perSecond());
  }

  /** Tells what a turn under full load gave. */
  static void report(Run run, String scenario, Program program, Sample sample) throws IOException {
    Report report = run.report();
    report.add(scenario, program.name(), Measure.RATE, sample.perSecond());
    report.add(scenario, program.name(), Measure.CPU, sample.cpuMicrosPerPush());
    double megabytes = program.child().files().residentBytes() / BYTES_PER_MB;
    report.add(scenario, program.name(), Measure.RESIDENT, megabytes);
  }

  /** A server of a version, with applications of both platforms, of which one is asked. */
  static BenchIngress door(Stage stage, Build build, String platform)
      throws IOException, InterruptedException {
    Running server = stage.start(build, setup(stage, build.name() + " " + platform, ""));
    return stage.door(build.name() + " " + platform, server, posts(platform));
  }

  private void pace(Run run, BenchIngress door) throws IOException {
    int seconds = run.plan().seconds();
    Times half = door.pace(half(door), seconds);
    Report report = run.report();
    report.add(NAME, door.name(), Measure.HALF_P50, half.answeredMillis(50));
    report.add(NAME, door.name(), Measure.HALF_P99, half.answeredMillis(99));
    report.add(NAME, door.name(), Measure.HALF_P999, half.answeredMillis(99.9));
    report.add(NAME, door.name(), Measure.HALF_LATE, half.lateMillis(99));
    Times low = door.pace(LOW_RATE, seconds);
    report.add(NAME, door.name(), Measure.THOUSAND_P99, low.answeredMillis(99));
    report.add(NAME, door.name(), Measure.THOUSAND_P999, low.answeredMillis(99.9));
  }

  private double half(Program program) {
    return Report.median(rates.get(program.name())) / 2;
  }
}
