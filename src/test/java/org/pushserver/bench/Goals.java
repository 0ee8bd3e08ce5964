// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What the design asks for, and how far it was reached. Ratios within 15 % are a tie. */
final class Goals {
  private static final String APPLE = "pushserver apple";
  private static final String FIREBASE = "pushserver firebase";

  /**
   * What the old system used for a push, at best: recorded once, on another machine with 2 cores.
   */
  private static final double OLD_APPLE_MICROS = 1220;

  private static final double OLD_FIREBASE_MICROS = 3900;

  /** As many applications as the goals are for. */
  private static final List<Integer> MANY = List.of(10, 100, 1000);

  /**
   * One goal.
   *
   * @param what a figure, or what two of them make
   * @param reached its value
   * @param wanted with the sign of the comparison
   * @param met whether it is reached
   */
  record Goal(String what, double reached, String wanted, boolean met) {}

  private final Report report;
  private final List<Goal> goals = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();

  private Goals(Report report) {
    this.report = report;
    speed();
    rival();
    start();
    waiting();
    extras();
    spool();
    cluster();
    tokens();
    applications();
  }

  /** Those that a report says something of. */
  static List<Goal> judge(Report report) {
    return new Goals(report).goals;
  }

  /** Those that it says nothing of. */
  static List<String> missing(Report report) {
    return new Goals(report).missing;
  }

  private void speed() {
    for (String relay : List.of("relay pooled", "relay connect")) {
      most(
          Measure.CPU.title() + " / " + relay,
          ratio(value(APPLE, Measure.CPU), value(relay, Measure.CPU)),
          relay.endsWith("pooled") ? 1.0 : 1.4);
    }
    least(
        Measure.RATE.title() + " / relay pooled",
        ratio(value(APPLE, Measure.RATE), value("relay pooled", Measure.RATE)),
        1.0);
    recorded(OLD_APPLE_MICROS, APPLE, 50);
    recorded(OLD_FIREBASE_MICROS, FIREBASE, 150);
    most(
        Measure.HALF_P99.title() + " / relay pooled",
        ratio(value(APPLE, Measure.HALF_P99), value("relay pooled", Measure.HALF_P99)),
        1.2);
    most(Measure.THOUSAND_P99.title(), value(APPLE, Measure.THOUSAND_P99), 2);
    most(Measure.THOUSAND_P999.title(), value(APPLE, Measure.THOUSAND_P999), 4);
    least(
        Measure.RATE.title() + " / the same without log",
        ratio(value(APPLE, Measure.RATE), value(Speed.SILENT, Measure.RATE)),
        0.85);
    most(Measure.RESIDENT.title() + " at full load", value(APPLE, Measure.RESIDENT), 180);
  }

  private void rival() {
    least(
        "gorush, " + Measure.CPU.title() + " / ours",
        ratio(value(Gorush.NAME, Measure.CPU), value(APPLE, Measure.CPU)),
        6);
    least(
        Measure.RATE.title() + " / gorush",
        ratio(value(APPLE, Measure.RATE), value(Gorush.NAME, Measure.RATE)),
        6);
    most(
        Measure.THOUSAND_P99.title() + " / gorush",
        ratio(value(APPLE, Measure.THOUSAND_P99), value(Gorush.NAME, Measure.THOUSAND_P99)),
        0.25);
    most(
        Measure.RESIDENT.title() + " / gorush",
        ratio(value(APPLE, Measure.RESIDENT), value(Gorush.NAME, Measure.RESIDENT)),
        2);
  }

  private void start() {
    most(Measure.FIRST_PUSH.title(), value("pushserver", Measure.FIRST_PUSH), 600);
    most(
        Measure.FIRST_PUSH.title() + ", no archive",
        value(FirstPush.BARE, Measure.FIRST_PUSH),
        1100);
    most(Measure.IDLE.title(), value("pushserver", Measure.IDLE), 90);
  }

  private void waiting() {
    most(Measure.WAITING.title(), value("pushserver", Measure.WAITING), 600);
    most(
        Measure.WAITING.title() + ", of 1000000",
        value("pushserver 1000000", Measure.WAITING),
        600);
    most(Measure.HELD.title(), value("pushserver", Measure.HELD), 5 * 1024);
    most("p99 beside a dead application / alone", value("pushserver", Measure.BESIDE_RATIO), 1.5);
  }

  /** What is on or off as one likes costs a little, and not more. */
  private void extras() {
    most(
        Measure.CPU.title() + ", " + Bus.CLIENT + " / " + Bus.HTTP,
        ratio(value(Bus.CLIENT, Measure.CPU), value(Bus.HTTP, Measure.CPU)),
        1.0);
    most(
        Measure.CPU.title() + ", with the trail / without",
        ratio(value(TellingCost.ON, Measure.CPU), value(TellingCost.OFF, Measure.CPU)),
        1.15);
    least(
        Measure.RATE.title() + ", with the trail / without",
        ratio(value(TellingCost.ON, Measure.RATE), value(TellingCost.OFF, Measure.RATE)),
        0.9);
  }

  private void spool() {
    most(
        "spool, µs to keep and forget, 10000/s",
        minus(
            value(SpoolCost.WAITING_ON, Measure.CPU_HIGH),
            value(SpoolCost.WAITING_OFF, Measure.CPU_HIGH)),
        6);
    most(
        "spool, s to load 100000",
        minus(
            value(SpoolCost.LEFT, Measure.LISTENS), value(SpoolCost.NOTHING_LEFT, Measure.LISTENS)),
        1);
  }

  private void cluster() {
    for (Measure measure : List.of(Measure.CPU_LOW, Measure.CPU_HIGH)) {
      // What crosses from one server to the other costs both kinds of push the same.
      OptionalDouble crossing =
          minus(value(ClusterPair.TWO, measure), value(ClusterPair.ONE, measure));
      OptionalDouble waits =
          minus(value(ClusterPair.TWO_WAIT, measure), value(ClusterPair.ONE_WAITS, measure));
      most(
          "copy of a push, " + measure.title(),
          minus(waits, crossing),
          measure == Measure.CPU_LOW ? 40 : 15);
    }
    most(
        "a server in a cluster, more MB",
        minus(
            ratio(value(ClusterPair.TWO, Measure.RESIDENT), OptionalDouble.of(2)),
            value(ClusterPair.ONE, Measure.RESIDENT)),
        120);
    most(Measure.TAKEN_OVER.title(), value(ClusterPair.KILLED, Measure.TAKEN_OVER), 2);
  }

  /** To look an account up costs less than a third of a push. */
  private void tokens() {
    for (Measure measure : List.of(Measure.CPU, Measure.THOUSAND_P99)) {
      for (String program : List.of(TokenPushes.BY_ACCOUNT, TokenPushes.FROM_FILE)) {
        most(
            measure.title() + ", " + program + " / token",
            ratio(value(program, measure), value(TokenPushes.BY_TOKEN, measure)),
            1.3);
      }
    }
  }

  private void applications() {
    String one = Applications.program(1);
    for (int count : MANY) {
      String many = Applications.program(count);
      if (count > MANY.get(0)) {
        most(
            many + ", " + Measure.IDLE_APPLICATION.title(),
            value(many, Measure.IDLE_APPLICATION),
            60);
      }
      most(
          many + ", CPU at 4000/s / 1",
          ratio(value(many, Measure.CPU_EVEN), value(one, Measure.CPU_EVEN)),
          1.2);
    }
  }

  /** The old system is not at hand: the constant is its lowest figure that was ever recorded. */
  private void recorded(double oldMicros, String program, double least) {
    least(
        "recorded elsewhere, " + Table.number(oldMicros) + " µs / " + program,
        ratio(OptionalDouble.of(oldMicros), value(program, Measure.CPU)),
        least);
  }

  private OptionalDouble value(String program, Measure measure) {
    return report.value(program, measure);
  }

  private static OptionalDouble ratio(OptionalDouble one, OptionalDouble other) {
    return one.isPresent() && other.isPresent()
        ? OptionalDouble.of(one.getAsDouble() / other.getAsDouble())
        : OptionalDouble.empty();
  }

  private static OptionalDouble minus(OptionalDouble one, OptionalDouble other) {
    return one.isPresent() && other.isPresent()
        ? OptionalDouble.of(one.getAsDouble() - other.getAsDouble())
        : OptionalDouble.empty();
  }

  private void least(String what, OptionalDouble reached, double least) {
    goal(what, reached, ">= " + Table.number(least), reached.orElse(0) >= least);
  }

  private void most(String what, OptionalDouble reached, double most) {
    goal(what, reached, "<= " + Table.number(most), reached.orElse(0) <= most);
  }

  private void goal(String what, OptionalDouble reached, String wanted, boolean met) {
    if (reached.isPresent()) {
      goals.add(new Goal(what, reached.getAsDouble(), wanted, met));
    } else {
      missing.add(what);
    }
  }

  /** The goals as text, with those at the end that nothing is said of. */
  static String render(Report report) {
    StringBuilder text = new StringBuilder();
    for (Goal goal : judge(report)) {
      text.append(
          String.format(
              "%-52s %8s  %-8s %s%n",
              goal.what(),
              Table.number(goal.reached()),
              goal.wanted(),
              goal.met() ? "" : "missed"));
    }
    List<String> missing = missing(report);
    if (!missing.isEmpty()) {
      text.append("Not measured in this run:\n");
      missing.forEach(what -> text.append("  ").append(what).append('\n'));
    }
    return text.toString();
  }
}
