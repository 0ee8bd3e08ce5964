// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What was measured, in the order in which it was. Any thread. */
final class Report {
  /**
   * One figure.
   *
   * @param scenario it belongs to
   * @param program that was measured
   * @param value the median of the rounds
   * @param rounds in their order
   */
  record Figure(
      String scenario, String program, Measure measure, double value, List<Double> rounds) {}

  private final Map<List<Object>, List<Double>> rounds = new LinkedHashMap<>();

  /** Adds what one round gave. */
  synchronized void add(String scenario, String program, Measure measure, double value) {
    rounds
        .computeIfAbsent(List.of(scenario, program, measure), key -> new ArrayList<>())
        .add(value);
  }

  /** All figures. */
  synchronized List<Figure> figures() {
    return rounds.entrySet().stream()
        .map(
            entry ->
                new Figure(
                    (String) entry.getKey().get(0),
                    (String) entry.getKey().get(1),
                    (Measure) entry.getKey().get(2),
                    median(entry.getValue()),
                    List.copyOf(entry.getValue())))
        .toList();
  }

  /** The median; empty when it was not measured. */
  OptionalDouble value(String program, Measure measure) {
    return figures().stream()
        .filter(figure -> figure.program().equals(program) && figure.measure() == measure)
        .mapToDouble(Figure::value)
        .findFirst();
  }

  /** What the rounds gave, in their order; empty when it was not measured. */
  List<Double> rounds(String program, Measure measure) {
    return figures().stream()
        .filter(figure -> figure.program().equals(program) && figure.measure() == measure)
        .map(Figure::rounds)
        .findFirst()
        .orElse(List.of());
  }

  /** The middle one; of two in the middle their mean. */
  static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
