// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.TimeUnit;

/**
 * How long a program is loaded before it is measured: cold code costs a multiple, and how many
 * pushes warm it depends on the machine, and on how many applications share them. So it ends when
 * two windows of some seconds agree.
 *
 * @param leastPushes before that it is not warm, whatever it seems
 * @param mostSeconds after which it is measured as it is
 */
record WarmUp(long leastPushes, int mostSeconds) {
  private static final int STEP_S = 2;

  /** Steps in a window: one alone says little on a machine that does other things, too. */
  private static final int WINDOW = 3;

  /** A window that costs less than so much of the one before shows that it is not warm yet. */
  private static final double STILL_FALLING = 0.97;

  /**
   * What a step gave.
   *
   * @param pushes that were done
   * @param cpuMicros of each
   */
  record Step(long pushes, double cpuMicros) {}

  /**
   * How it went.
   *
   * @param seconds that it took
   * @param pushes that were done
   * @param cpuMicros of each, in the cheapest of the last steps
   * @param isWarm false when time was up before
   */
  record Result(long seconds, long pushes, double cpuMicros, boolean isWarm) {
    /** In words. */
    String text() {
      return (isWarm ? "warm after " : "not seen to be warm after ")
          + seconds
          + " s and "
          + pushes
          + " pushes: "
          + Table.number(cpuMicros)
          + " µs";
    }
  }

  /** Loads the program for so many seconds. */
  @FunctionalInterface
  interface Loader {
    Step load(int seconds) throws IOException, InterruptedException;
  }

  /** The same with more pushes, if it has fewer. */
  WarmUp atLeast(long pushes) {
    return new WarmUp(Math.max(pushes, leastPushes), mostSeconds);
  }

  /** Loads it until it is warm, or time is up. */
  Result until(Loader loader) throws IOException, InterruptedException {
    long began = System.nanoTime();
    long end = began + TimeUnit.SECONDS.toNanos(mostSeconds);
    Deque<Double> last = new ArrayDeque<>();
    long done = 0;
    while ((done < leastPushes || !agree(last)) && System.nanoTime() < end) {
      Step step = loader.load(STEP_S);
      done += step.pushes();
      last.add(step.cpuMicros());
      if (last.size() > 2 * WINDOW) {
        var unused = last.poll();
      }
    }
    return new Result(
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began),
        done,
        last.stream().mapToDouble(micros -> micros).min().orElse(0),
        done >= leastPushes && agree(last));
  }

  /** Whether the newer window is no cheaper than the older one, by the cheapest step of each. */
  private static boolean agree(Deque<Double> steps) {
    if (steps.size() < 2 * WINDOW) {
      return false;
    }
    double older = steps.stream().limit(WINDOW).mapToDouble(micros -> micros).min().orElseThrow();
    double newer = steps.stream().skip(WINDOW).mapToDouble(micros -> micros).min().orElseThrow();
    return newer > older * STILL_FALLING;
  }
}
