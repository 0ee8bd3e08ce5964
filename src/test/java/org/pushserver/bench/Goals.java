// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What the design asks for, and how far it was reached. Ratios within 15 % are a tie. The page on
 * performance has the same rows in the same words.
 */
final class Goals {
  private static final String OURS = Build.OURS;
  private static final String APPLE = OURS + " apple";
  private static final String FIREBASE = OURS + " firebase";
  private static final String POOLED = "relay pooled";
  private static final String CONNECT = "relay connect";

  /**
   * What the old system used for a push, at best: recorded once, on another machine with 2 cores.
   */
  private static final double OLD_APPLE_MICROS = 1220;

  private static final double OLD_FIREBASE_MICROS = 3900;

  private static final int MANY = 1000;

  /** What half an hour is too short for, and needs a disk of its own. */
  private static final String TRAIL_FIGURES = "org.pushserver.trail.TrailFigures, with 720 files";

  private static final String TOKEN_FIGURES =
      "org.pushserver.tokens.TokenFigures, with ten million devices";

  /**
   * One goal.
   *
   * @param what a figure, or what two of them make
   * @param reached its value; empty when this run says nothing of it
   * @param isMost whether it is to be no more than the bound, or no less
   * @param how it is measured: arguments of bin/bench, or what else to run
   */
  private record Row(
      String what, OptionalDouble reached, boolean isMost, double bound, String how) {
    String wanted() {
      return (isMost ? "≤ " : "≥ ")
          + BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
    }

    String told() {
      return reached.isEmpty()
          ? "–"
          : Table.number(reached.getAsDouble()) + (isMet() ? "" : ", missed");
    }

    boolean isMet() {
      double value = reached.orElseThrow();
      return isMost ? value <= bound : value >= bound;
    }
  }

  /**
   * A goal that something is known of.
   *
   * @param wanted with the sign of the comparison
   * @param met whether it is reached
   */
  record Goal(String what, double reached, String wanted, boolean met) {}

  /**
   * A goal that a run says nothing of.
   *
   * @param how it is measured
   */
  record Missing(String what, String wanted, String how) {}

  private final Report report;
  private final List<Row> rows = new ArrayList<>();

  private Goals(Report report) {
    this.report = report;
    speed();
    rival();
    start();
    extras();
    waiting();
    applications();
    script();
    spool();
    tokens();
    cluster();
    trail();
  }

  /** Those that a report says something of. */
  static List<Goal> judge(Report report) {
    return new Goals(report)
        .rows.stream()
            .filter(row -> row.reached().isPresent())
            .map(
                row -> new Goal(row.what(), row.reached().getAsDouble(), row.wanted(), row.isMet()))
            .toList();
  }

  /** Those that it says nothing of. */
  static List<Missing> missing(Report report) {
    return new Goals(report)
        .rows.stream()
            .filter(row -> row.reached().isEmpty())
            .map(row -> new Missing(row.what(), row.wanted(), row.how()))
            .toList();
  }

  private void speed() {
    String how = "--only " + Speed.NAME;
    most("CPU of a push ÷ pooled relay's", quotient(APPLE, POOLED, Measure.CPU), 1, how);
    most("CPU of a push ÷ connect relay's", quotient(APPLE, CONNECT, Measure.CPU), 1.4, how);
    least("pushes/s ÷ pooled relay's", quotient(APPLE, POOLED, Measure.RATE), 1, how);
    least(
        "pushes/s with the log ÷ without", quotient(APPLE, Speed.SILENT, Measure.RATE), 0.85, how);
    most(
        "p99 at half of saturation ÷ pooled relay's",
        quotient(APPLE, POOLED, Measure.HALF_P99),
        1.2,
        how);
    most("p99 at 1000/s, ms", value(APPLE, Measure.THOUSAND_P99), 2, how);
    most("p99.9 at 1000/s, ms", value(APPLE, Measure.THOUSAND_P999), 4, how);
    most("resident at full load, MB", value(APPLE, Measure.RESIDENT), 180, how);
    // The old system is not at hand: these are its lowest figures that were ever recorded.
    least(
        "CPU of the old system, recorded elsewhere ÷ ours, APNs",
        ratio(OptionalDouble.of(OLD_APPLE_MICROS), value(APPLE, Measure.CPU)),
        50,
        how);
    least(
        "CPU of the old system, recorded elsewhere ÷ ours, FCM",
        ratio(OptionalDouble.of(OLD_FIREBASE_MICROS), value(FIREBASE, Measure.CPU)),
        150,
        how);
  }

  private void rival() {
    String how = "--only " + Speed.NAME + " --against gorush PATH";
    least("CPU of gorush ÷ ours", quotient(Gorush.NAME, APPLE, Measure.CPU), 6, how);
    least("pushes/s ÷ gorush's", quotient(APPLE, Gorush.NAME, Measure.RATE), 6, how);
    most("p99 at 1000/s ÷ gorush's", quotient(APPLE, Gorush.NAME, Measure.THOUSAND_P99), 0.25, how);
    most(
        "resident at full load ÷ gorush's", quotient(APPLE, Gorush.NAME, Measure.RESIDENT), 2, how);
  }

  private void start() {
    String how = "--only " + FirstPush.NAME;
    most("first push with the archive, ms", value(OURS, Measure.FIRST_PUSH), 600, how);
    most(
        "first push without the archive, ms", value(FirstPush.BARE, Measure.FIRST_PUSH), 1100, how);
    most("resident, idle, MB", value(OURS, Measure.IDLE), 90, how);
  }

  /** What is on or off as one likes costs a little, and not more. */
  private void extras() {
    String bus = "--only " + Bus.NAME;
    most(
        "CPU of a push over the bus ÷ over HTTP",
        quotient(Bus.CLIENT, Bus.HTTP, Measure.CPU),
        1,
        bus);
    String trail = "--only " + TellingCost.TRAIL;
    most(
        "CPU of a push with the trail ÷ without",
        quotient(TellingCost.ON, TellingCost.OFF, Measure.CPU),
        1.15,
        trail);
    least(
        "pushes/s with the trail ÷ without",
        quotient(TellingCost.ON, TellingCost.OFF, Measure.RATE),
        0.9,
        trail);
  }

  private void waiting() {
    String outage = "--only " + Outage.NAME;
    most("heap of a push that waits, bytes", value(OURS, Measure.WAITING), 600, outage);
    most(
        "heap of a push that waits, of 1000000, bytes",
        value(OURS + " 1000000", Measure.WAITING),
        600,
        "--full " + outage);
    most("heap of a push with its client, bytes", value(OURS, Measure.HELD), 5 * 1024, outage);
    most(
        "p99 beside a dead application ÷ alone",
        value(OURS, Measure.BESIDE_RATIO),
        1.5,
        "--only " + Isolation.NAME);
  }

  private void applications() {
    String how = "--only " + Applications.NAME;
    String many = Applications.program(MANY);
    most("1000 applications: idle, KB each", value(many, Measure.IDLE_APPLICATION), 60, how);
    most(
        "1000 applications: CPU at 4000/s ÷ that of one",
        quotient(many, Applications.program(1), Measure.CPU_EVEN),
        1.2,
        how);
  }

  private void script() {
    String how = "--only " + ScriptedPush.NAME;
    most("pushclient: from start to end, ms", value(ScriptedPush.SCRIPT, Measure.WALL), 30, how);
    most("pushclient: CPU, ms", value(ScriptedPush.SCRIPT, Measure.CPU_MILLIS), 20, how);
  }

  private void spool() {
    String how = "--only " + SpoolCost.NAME;
    most(
        "spool: to keep and forget a push at 10000/s, µs",
        difference(SpoolCost.WAITING_ON, SpoolCost.WAITING_OFF, Measure.CPU_HIGH),
        6,
        how);
    most(
        "spool: to load 100000, s",
        difference(SpoolCost.LEFT, SpoolCost.NOTHING_LEFT, Measure.LISTENS),
        1,
        how);
  }

  /** To look an account up costs less than a third of a push. */
  private void tokens() {
    String how = "--only " + TokenPushes.NAME;
    for (Measure measure : List.of(Measure.CPU, Measure.THOUSAND_P99)) {
      String figure = measure == Measure.CPU ? "CPU" : "p99 at 1000/s";
      most(
          "tokens: " + figure + " of lookup and push ÷ push, from memory",
          quotient(TokenPushes.BY_ACCOUNT, TokenPushes.BY_TOKEN, measure),
          1.3,
          how);
      most(
          "tokens: " + figure + " of lookup and push ÷ push, from the file",
          quotient(TokenPushes.FROM_FILE, TokenPushes.BY_TOKEN, measure),
          1.3,
          how);
    }
    most(
        "tokens: bytes of the file for a device",
        value(TokenPushes.IMPORT, Measure.STORED),
        400,
        how);
    most("tokens: more MB, ten million devices", OptionalDouble.empty(), 50, TOKEN_FIGURES);
  }

  private void cluster() {
    String how = "--only " + ClusterPair.NAME;
    copy(Measure.CPU_LOW, "cluster: copy of a push at 2000/s, µs", 40);
    copy(Measure.CPU_HIGH, "cluster: copy of a push at 10000/s, µs", 15);
    most(
        "cluster: more MB for a server",
        minus(
            ratio(value(ClusterPair.TWO, Measure.RESIDENT), OptionalDouble.of(2)),
            value(ClusterPair.ONE, Measure.RESIDENT)),
        120,
        how);
    most(
        "cluster: start of the first server, s", value(ClusterPair.FIRST, Measure.LISTENS), 3, how);
    most(
        "cluster: start of one that joins it, s",
        value(ClusterPair.SECOND, Measure.LISTENS),
        3,
        how);
    most(
        "cluster: from a kill to the takeover, s",
        value(ClusterPair.KILLED, Measure.TAKEN_OVER),
        2,
        how);
  }

  /**
   * What crosses from one server to the other costs both kinds of push the same. It is several
   * times as dear as a copy: only where each round by itself shows one something is said of it.
   */
  private void copy(Measure measure, String what, double most) {
    List<Double> copies = new ArrayList<>();
    List<Double> two = report.rounds(ClusterPair.TWO, measure);
    List<Double> one = report.rounds(ClusterPair.ONE, measure);
    List<Double> twoWait = report.rounds(ClusterPair.TWO_WAIT, measure);
    List<Double> oneWaits = report.rounds(ClusterPair.ONE_WAITS, measure);
    int rounds =
        IntStream.of(two.size(), one.size(), twoWait.size(), oneWaits.size()).min().orElseThrow();
    for (int round = 0; round < rounds; round++) {
      copies.add(twoWait.get(round) - oneWaits.get(round) - (two.get(round) - one.get(round)));
    }
    boolean isSeen = copies.stream().allMatch(copy -> copy > 0);
    String how = "--only " + ClusterPair.NAME;
    if (isSeen) {
      most(
          what,
          copies.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Report.median(copies)),
          most,
          how);
    } else {
      most(
          what,
          OptionalDouble.empty(),
          most,
          how
              + ", when nothing else runs; here "
              + Table.number(Collections.min(copies))
              + " … "
              + Table.number(Collections.max(copies)));
    }
  }

  private void trail() {
    most("trail: bytes of a record in a closed file", OptionalDouble.empty(), 450, TRAIL_FIGURES);
    most("trail: a search by call-id in 30 million, s", OptionalDouble.empty(), 0.2, TRAIL_FIGURES);
  }

  private OptionalDouble value(String program, Measure measure) {
    return report.value(program, measure);
  }

  private OptionalDouble quotient(String one, String other, Measure measure) {
    return ratio(value(one, measure), value(other, measure));
  }

  private OptionalDouble difference(String one, String other, Measure measure) {
    return minus(value(one, measure), value(other, measure));
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

  private void least(String what, OptionalDouble reached, double least, String how) {
    rows.add(new Row(what, reached, false, least, how));
  }

  private void most(String what, OptionalDouble reached, double most, String how) {
    rows.add(new Row(what, reached, true, most, how));
  }

  /**
   * The goals as the page on performance has them, which can be put there as they are; and how
   * those are measured that nothing is said of.
   */
  static String render(Report report) {
    StringBuilder text = new StringBuilder("| | goal | this run |\n|---|---|---|\n");
    for (Row row : new Goals(report).rows) {
      text.append(String.format("| %s | %s | %s |%n", row.what(), row.wanted(), row.told()));
    }
    List<Missing> missing = missing(report);
    if (!missing.isEmpty()) {
      text.append("\nNot measured in this run, but with:\n");
      missing.forEach(row -> text.append(String.format("%-64s %s%n", row.what(), row.how())));
    }
    return text.toString();
  }
}
