// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** What the design asks for, where it was measured. Ratios within 15 % are a tie. */
final class Goals {
  private static final String APPLE = "pushserver apple";
  private static final String FIREBASE = "pushserver firebase";

  /**
   * What the old system used for a push, at best: recorded once, on another machine with 2 cores.
   */
  private static final double OLD_APPLE_MICROS = 1220;

  private static final double OLD_FIREBASE_MICROS = 3900;

  /**
   * One goal.
   *
   * @param what a figure, or a ratio of two
   * @param reached its value
   * @param wanted with the sign of the comparison
   * @param met whether it is reached
   */
  record Goal(String what, double reached, String wanted, boolean met) {}

  private final Report report;
  private final List<Goal> goals = new ArrayList<>();

  private Goals(Report report) {
    this.report = report;
  }

  /** Judges a report. */
  static List<Goal> judge(Report report) {
    Goals judge = new Goals(report);
    judge.ratio(Measure.CPU, "relay pooled", 1.0);
    judge.ratio(Measure.CPU, "relay connect", 1.4);
    judge.atLeast(Measure.RATE, "relay pooled", 1.0);
    judge.recorded(OLD_APPLE_MICROS, APPLE, 25);
    judge.recorded(OLD_FIREBASE_MICROS, FIREBASE, 120);
    judge.ratio(Measure.HALF_P99, "relay pooled", 1.2);
    judge.figure(APPLE, Measure.THOUSAND_P99, 3);
    judge.figure(APPLE, Measure.THOUSAND_P999, 8);
    judge.atLeast(Measure.RATE, Speed.SILENT, 0.85);
    judge.figure(APPLE, Measure.RESIDENT, 240);
    judge.figure("pushserver", Measure.FIRST_PUSH, 700);
    judge.figure(FirstPush.BARE, Measure.FIRST_PUSH, 1500);
    judge.figure("pushserver", Measure.WAITING, 1024);
    judge.figure("pushserver 1000000", Measure.WAITING, 1024);
    judge.figure("pushserver", Measure.HELD, 10 * 1024);
    judge.cheaper(Bus.CLIENT, Bus.HTTP);
    judge.trail();
    judge.tokens();
    judge.applications();
    return judge.goals;
  }

  private void figure(String program, Measure measure, double most) {
    report
        .value(program, measure)
        .ifPresent(value -> most(measure.title() + ", " + program, value, most));
  }

  private void ratio(Measure measure, String other, double most) {
    OptionalDouble ours = report.value(APPLE, measure);
    OptionalDouble theirs = report.value(other, measure);
    if (ours.isPresent() && theirs.isPresent()) {
      most(measure.title() + " / " + other, ours.getAsDouble() / theirs.getAsDouble(), most);
    }
  }

  /** One way to do the same costs no more than another. */
  private void cheaper(String program, String other) {
    OptionalDouble one = report.value(program, Measure.CPU);
    OptionalDouble another = report.value(other, Measure.CPU);
    if (one.isPresent() && another.isPresent()) {
      most(
          Measure.CPU.title() + ", " + program + " / " + other,
          one.getAsDouble() / another.getAsDouble(),
          1.0);
    }
  }

  private void atLeast(Measure measure, String other, double least) {
    OptionalDouble ours = report.value(APPLE, measure);
    OptionalDouble theirs = report.value(other, measure);
    if (ours.isPresent() && theirs.isPresent()) {
      least(measure.title() + " / " + other, ours.getAsDouble() / theirs.getAsDouble(), least);
    }
  }

  /** The old system is not at hand: the constant is its lowest figure that was ever recorded. */
  private void recorded(double oldMicros, String program, double least) {
    report
        .value(program, Measure.CPU)
        .ifPresent(
            micros ->
                least(
                    "recorded elsewhere, " + Table.number(oldMicros) + " µs / " + program,
                    oldMicros / micros,
                    least));
  }

  /** Keeping records costs a little, and not more. */
  private void trail() {
    OptionalDouble with = report.value(TellingCost.ON, Measure.CPU);
    OptionalDouble without = report.value(TellingCost.OFF, Measure.CPU);
    if (with.isPresent() && without.isPresent()) {
      most(
          Measure.CPU.title() + ", with the trail / without",
          with.getAsDouble() / without.getAsDouble(),
          1.15);
    }
    OptionalDouble rate = report.value(TellingCost.ON, Measure.RATE);
    OptionalDouble other = report.value(TellingCost.OFF, Measure.RATE);
    if (rate.isPresent() && other.isPresent()) {
      least(
          Measure.RATE.title() + ", with the trail / without",
          rate.getAsDouble() / other.getAsDouble(),
          0.9);
    }
  }

  /** To look an account up costs less than a third of a push. */
  private void tokens() {
    for (Measure measure : List.of(Measure.CPU, Measure.THOUSAND_P99)) {
      OptionalDouble plain = report.value(TokenPushes.BY_TOKEN, measure);
      for (String program : List.of(TokenPushes.BY_ACCOUNT, TokenPushes.FROM_FILE)) {
        OptionalDouble looked = report.value(program, measure);
        if (plain.isPresent() && looked.isPresent()) {
          most(
              measure.title() + ", " + program + " / token",
              looked.getAsDouble() / plain.getAsDouble(),
              1.3);
        }
      }
    }
  }

  private void applications() {
    report.figures().stream()
        .filter(figure -> figure.scenario().equals(Applications.NAME))
        .forEach(
            figure -> {
              if (figure.measure() == Measure.IDLE_APPLICATION) {
                most(figure.program() + ", " + figure.measure().title(), figure.value(), 150);
              } else if (figure.measure() == Measure.CPU) {
                toOne(figure, "CPU / 1");
              } else if (figure.measure() == Measure.CPU_EVEN) {
                toOne(figure, "CPU at 4000/s / 1");
              }
            });
  }

  private void toOne(Report.Figure many, String what) {
    String one = Applications.program(1);
    OptionalDouble value = report.value(one, many.measure());
    if (value.isPresent() && !many.program().equals(one)) {
      most(many.program() + ", " + what, many.value() / value.getAsDouble(), 1.1);
    }
  }

  private void least(String what, double reached, double least) {
    goals.add(new Goal(what, reached, ">= " + Table.number(least), reached >= least));
  }

  private void most(String what, double reached, double most) {
    goals.add(new Goal(what, reached, "<= " + Table.number(most), reached <= most));
  }

  /** The goals as text. */
  static String render(List<Goal> goals) {
    StringBuilder text = new StringBuilder();
    for (Goal goal : goals) {
      text.append(
          String.format(
              "%-52s %8s  %-8s %s%n",
              goal.what(),
              Table.number(goal.reached()),
              goal.wanted(),
              goal.met() ? "" : "missed"));
    }
    return text.toString();
  }
}
