// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether a push costs more than it did with another version, which is asked in turn: the CPU time
 * of a push, the memory, and the start. A figure counts as worse by the median of the ratios of the
 * rounds, so that what slows down a round slows down both. Two processes of one jar differ, too, as
 * what is compiled how is partly chance: where a figure is near the bound, two more pairs of
 * processes are asked.
 */
final class Regression implements Scenario {
  static final String NAME = "regression";

  /** More that is still no worse, in percent, unless somebody says otherwise. */
  static final double USUAL_PERCENT = 10;

  private static final int ROUNDS = 9;
  private static final int STARTS = 7;
  private static final int PAIRS = 3;

  /** Less than this part of what is allowed is not near the bound. */
  private static final double CLEAR = 0.5;

  /** What is judged; less is better. */
  private static final List<Measure> JUDGED =
      List.of(Measure.CPU, Measure.RESIDENT, Measure.FIRST_PUSH, Measure.IDLE);

  @Override
  public void play(Run run) throws Exception {
    if (run.builds().size() < 2) {
      throw new BenchException("--only regression compares with --baseline");
    }
    for (String platform : Speed.PLATFORMS) {
      untilClear(
          run.report(), run.percent(), Build.OURS + " " + platform, pair -> load(run, platform));
    }
    untilClear(run.report(), run.percent(), Build.OURS, pair -> starts(run, pair));
  }

  /** Measures something anew. */
  interface Part {
    void measure(int pair) throws IOException, InterruptedException;
  }

  /** Measures a program until it is seen that it is no worse, or all is known that will be. */
  static void untilClear(Report report, double percent, String program, Part part)
      throws IOException, InterruptedException {
    for (int pair = 0; pair < PAIRS; pair++) {
      part.measure(pair);
      Map<String, Double> near = over(report, program, percent * CLEAR);
      if (near.isEmpty()) {
        return;
      }
      near.forEach((what, ratio) -> Run.say(NAME + ": " + line(what, ratio)));
    }
  }

  private static void starts(Run run, int pair) throws IOException, InterruptedException {
    for (int round = 0; round < STARTS; round++) {
      Run.say(NAME + ": start, round " + (pair * STARTS + round + 1));
      for (Build build : Speed.inTurn(run.builds(), round)) {
        FirstPush.start(run, NAME, build, build.name(), "");
      }
    }
  }

  private static void load(Run run, String platform) throws IOException, InterruptedException {
    List<BenchIngress> doors = new ArrayList<>();
    for (Build build : run.builds()) {
      doors.add(Speed.door(run.stage(), build, platform));
    }
    for (BenchIngress door : doors) {
      Run.say(NAME + ": warming up " + door.name());
      door.warmUp(run.plan().warmUp());
    }
    for (int round = 0; round < ROUNDS; round++) {
      Run.say(NAME + ": " + platform + ", round " + (round + 1));
      for (BenchIngress door : Speed.inTurn(doors, round)) {
        Speed.report(run, NAME, door, door.saturate(run.plan().seconds()));
      }
    }
    for (BenchIngress door : doors) {
      door.close();
    }
  }

  /**
   * The figures that are worse than those of the baseline.
   *
   * @param percent that are allowed
   * @return one line for each; empty when all is well
   */
  static List<String> found(Report report, double percent) {
    return report.figures().stream()
        .map(Report.Figure::program)
        .filter(program -> program.startsWith(Build.OURS))
        .distinct()
        .sorted()
        .flatMap(program -> over(report, program, percent).entrySet().stream())
        .map(entry -> line(entry.getKey(), entry.getValue()))
        .toList();
  }

  private static String line(String what, double ratio) {
    return what + ": " + Table.number(ratio) + " times the baseline";
  }

  /** What of a program is more than so much worse, and how often as much it is. */
  private static Map<String, Double> over(Report report, String program, double percent) {
    Map<String, Double> ratios = new TreeMap<>();
    String other = Build.BASELINE + program.substring(Build.OURS.length());
    List<Report.Figure> figures = report.figures();
    for (Report.Figure ours : figures) {
      if (JUDGED.contains(ours.measure()) && ours.program().equals(program)) {
        figures.stream()
            .filter(theirs -> theirs.scenario().equals(ours.scenario()))
            .filter(theirs -> theirs.program().equals(other))
            .filter(theirs -> theirs.measure() == ours.measure())
            .forEach(
                theirs -> ratios.put(program + ", " + ours.measure().title(), ratio(ours, theirs)));
      }
    }
    ratios.values().removeIf(ratio -> ratio <= 1 + percent / 100);
    return ratios;
  }

  private static double ratio(Report.Figure ours, Report.Figure theirs) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(ours.rounds().size(), theirs.rounds().size()); i++) {
      ratios.add(ours.rounds().get(i) / theirs.rounds().get(i));
    }
    return Report.median(ratios);
  }
}
