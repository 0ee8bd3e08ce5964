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
 * rounds, so that what slows down a round slows down both.
 */
final class Regression implements Scenario {
  static final String NAME = "regression";

  private static final int ROUNDS = 9;
  private static final int STARTS = 7;

  /** What is judged; less is better. */
  private static final List<Measure> JUDGED =
      List.of(Measure.CPU, Measure.RESIDENT, Measure.FIRST_PUSH, Measure.IDLE);

  @Override
  public void play(Run run) throws Exception {
    if (run.builds().size() < 2) {
      throw new BenchException("--only regression compares with --baseline");
    }
    for (String platform : Speed.PLATFORMS) {
      load(run, platform);
    }
    for (int round = 0; round < STARTS; round++) {
      Run.say(NAME + ": start, round " + (round + 1));
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
    Map<String, Double> ratios = new TreeMap<>();
    List<Report.Figure> figures = report.figures();
    for (Report.Figure ours : figures) {
      if (JUDGED.contains(ours.measure()) && ours.program().startsWith(Build.OURS)) {
        String program = Build.BASELINE + ours.program().substring(Build.OURS.length());
        figures.stream()
            .filter(theirs -> theirs.scenario().equals(ours.scenario()))
            .filter(theirs -> theirs.program().equals(program))
            .filter(theirs -> theirs.measure() == ours.measure())
            .forEach(
                theirs ->
                    ratios.put(
                        ours.program() + ", " + ours.measure().title(), ratio(ours, theirs)));
      }
    }
    return ratios.entrySet().stream()
        .filter(entry -> entry.getValue() > 1 + percent / 100)
        .map(
            entry -> entry.getKey() + ": " + Table.number(entry.getValue()) + " times the baseline")
        .toList();
  }

  private static double ratio(Report.Figure ours, Report.Figure theirs) {
    List<Double> ratios = new ArrayList<>();
    for (int i = 0; i < Math.min(ours.rounds().size(), theirs.rounds().size()); i++) {
      ratios.add(ours.rounds().get(i) / theirs.rounds().get(i));
    }
    return Report.median(ratios);
  }
}
