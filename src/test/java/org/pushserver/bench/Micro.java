// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * What the hot pieces of a push cost by themselves: JMH runs each {@code FooBenchmark} that stands
 * beside what it measures, in JVMs of its own with the collector and heap of this one.
 */
final class Micro implements Scenario {
  static final String NAME = "micro";

  private static final String PIECES = "org\\.pushserver\\..*Benchmark\\..*";
  private static final String ALLOCATED = "gc.alloc.rate.norm";
  private static final int JVMS = 2;
  private static final int WARM_UP_ROUNDS = 4;
  private static final TimeValue ROUND = TimeValue.seconds(1);

  @Override
  public void play(Run run) throws RunnerException {
    Run.say(NAME + ": some two minutes");
    OptionsBuilder options = new OptionsBuilder();
    options
        .include(PIECES)
        .mode(Mode.AverageTime)
        .timeUnit(TimeUnit.MICROSECONDS)
        .forks(JVMS)
        .warmupIterations(WARM_UP_ROUNDS)
        .warmupTime(ROUND)
        .measurementIterations(run.plan().rounds())
        .measurementTime(ROUND)
        .addProfiler(GCProfiler.class)
        .shouldFailOnError(true)
        .verbosity(VerboseMode.SILENT);
    for (RunResult piece : new Runner(options.build()).run()) {
      for (BenchmarkResult jvm : piece.getBenchmarkResults()) {
        String name = name(piece.getParams().getBenchmark());
        jvm.getIterationResults().forEach(round -> report(run.report(), name, round));
      }
    }
  }

  private static void report(Report report, String piece, IterationResult round) {
    report.add(NAME, piece, Measure.OPERATION, round.getPrimaryResult().getScore());
    report.add(
        NAME, piece, Measure.ALLOCATED, round.getSecondaryResults().get(ALLOCATED).getScore());
  }

  /** The package and the method, of a method's full name. */
  static String name(String method) {
    String[] parts = method.split("\\.", -1);
    return parts[parts.length - 3] + " " + parts[parts.length - 1];
  }
}
