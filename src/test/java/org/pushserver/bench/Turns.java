// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.util.List;

/** Programs that are compared under full load, in turns. */
final class Turns {
  private Turns() {}

  /**
   * Warms them up, measures them in so many rounds, and closes them.
   *
   * @param scenario in the results
   */
  static void saturate(
      Run run, String scenario, List<? extends Program> programs, WarmUp warmUp, int rounds)
      throws IOException, InterruptedException {
    for (Program program : programs) {
      Run.say(scenario + ": warming up " + program.name());
      program.warmUp(warmUp);
    }
    for (int round = 0; round < rounds; round++) {
      Run.say(scenario + ": saturation, round " + (round + 1));
      for (Program program : Speed.inTurn(programs, round)) {
        Sample sample = program.saturate(run.plan().seconds());
        run.report().add(scenario, program.name(), Measure.RATE, sample.perSecond());
        run.report().add(scenario, program.name(), Measure.CPU, sample.cpuMicrosPerPush());
      }
    }
    for (Program program : programs) {
      program.close();
    }
  }
}
