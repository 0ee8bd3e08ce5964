// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Doors that are compared at the same constant rates, in turns. */
final class PacedRounds {
  static final int LOW = 2_000;
  static final int HIGH = 10_000;

  private static final Map<Integer, Figures> FIGURES =
      Map.of(
          LOW, new Figures(Measure.CPU_LOW, Measure.LOW_P50, Measure.LOW_P99),
          HIGH, new Figures(Measure.CPU_HIGH, Measure.HIGH_P50, Measure.HIGH_P99));

  /** What is told of a rate. */
  private record Figures(Measure cpu, Measure half, Measure most) {}

  private PacedRounds() {}

  /**
   * Warms them up and measures them, which may be all but different; closes them.
   *
   * @param scenario in the results
   * @param rates of {@link #LOW} and {@link #HIGH}
   */
  static void play(Run run, String scenario, List<PacedDoor> doors, List<Integer> rates)
      throws IOException, InterruptedException {
    for (PacedDoor door : doors) {
      Run.say(scenario + ": warming up " + door.name());
      door.warmUp(run.plan().warmUp(), rates.get(rates.size() - 1));
    }
    for (int rate : rates) {
      for (PacedDoor door : doors) {
        // What was warmed up at another rate gathers other batches.
        PacedDoor.Turn unused = door.run(rate, run.plan().seconds());
      }
      for (int round = 0; round < run.plan().rounds(); round++) {
        Run.say(scenario + ": " + rate + " a second, round " + (round + 1));
        for (PacedDoor door : Speed.inTurn(doors, round)) {
          report(run.report(), scenario, door, rate, door.run(rate, run.plan().seconds()));
        }
      }
    }
    for (PacedDoor door : doors) {
      run.report().add(scenario, door.name(), Measure.RESIDENT, door.residentMegabytes());
      door.close();
    }
  }

  private static void report(
      Report report, String scenario, PacedDoor door, int rate, PacedDoor.Turn turn) {
    Figures figures = FIGURES.get(rate);
    report.add(scenario, door.name(), figures.cpu(), turn.cpuMicros());
    report.add(scenario, door.name(), figures.half(), turn.times().answeredMillis(50));
    report.add(scenario, door.name(), figures.most(), turn.times().answeredMillis(99));
  }
}
