// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.util.List;

/**
 * How long everything takes.
 *
 * @param warmUp of each program before it is measured
 * @param rounds in each of which every program has its turn
 * @param seconds of one turn
 * @param settle seconds at a constant rate before times are measured at it
 * @param timed rounds in which times are measured
 * @param starts of the server, to time its first push
 * @param repeats of what is done once in the life of a server: a restart with what was left, a kill
 * @param waiting pushes that wait while the route is down, one test for each number
 * @param applications of one server, one test for each number
 * @param devices that are stored while pushes go to accounts
 */
record Plan(
    WarmUp warmUp,
    int rounds,
    int seconds,
    int settle,
    int timed,
    int starts,
    int repeats,
    List<Integer> waiting,
    List<Integer> applications,
    int devices) {
  private static final WarmUp LONG_WARM_UP = new WarmUp(300_000, 120);

  /** Some five minutes: to compare before and after. */
  static final Plan QUICK =
      new Plan(
          new WarmUp(100_000, 40), 3, 2, 5, 2, 3, 2, List.of(100_000), List.of(1, 1000), 50_000);

  /** A quarter of an hour. */
  static final Plan USUAL =
      new Plan(LONG_WARM_UP, 4, 5, 20, 7, 9, 3, List.of(100_000), List.of(1, 100, 1000), 500_000);

  /** Nearly an hour. */
  static final Plan FULL =
      new Plan(
          LONG_WARM_UP,
          7,
          8,
          30,
          11,
          15,
          3,
          List.of(100_000, 1_000_000),
          List.of(1, 10, 100, 1000),
          10_000_000);
}
