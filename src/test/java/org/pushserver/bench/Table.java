// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A report as text: for each scenario the programs as lines and the figures as columns. */
final class Table {
  private static final String GAP = "  ";

  private final StringBuilder text = new StringBuilder();

  private Table() {}

  /** Renders it. */
  static String render(Report report) {
    Table table = new Table();
    List<Report.Figure> figures = report.figures();
    for (String scenario : figures.stream().map(Report.Figure::scenario).distinct().toList()) {
      table.scenario(
          scenario, figures.stream().filter(one -> one.scenario().equals(scenario)).toList());
    }
    return table.text.toString();
  }

  private void scenario(String name, List<Report.Figure> figures) {
    List<Measure> measures = figures.stream().map(Report.Figure::measure).distinct().toList();
    List<List<String>> lines = new ArrayList<>();
    List<String> head = new ArrayList<>(List.of(name));
    measures.forEach(measure -> head.add(measure.title()));
    lines.add(head);
    for (String program : figures.stream().map(Report.Figure::program).distinct().toList()) {
      List<String> line = new ArrayList<>(List.of(program));
      measures.forEach(measure -> line.add(cell(figures, program, measure)));
      lines.add(line);
    }
    print(lines);
  }

  private static String cell(List<Report.Figure> figures, String program, Measure measure) {
    return figures.stream()
        .filter(figure -> figure.program().equals(program) && figure.measure() == measure)
        .map(figure -> number(figure.value()))
        .findFirst()
        .orElse("");
  }

  /** Three digits that count, or all before the point. */
  static String number(double value) {
    int decimals = Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  private void print(List<List<String>> lines) {
    int columns = lines.get(0).size();
    int[] widths = new int[columns];
    for (int i = 0; i < columns; i++) {
      int column = i;
      widths[i] = lines.stream().mapToInt(line -> line.get(column).length()).max().orElse(0);
    }
    for (List<String> line : lines) {
      text.append(String.format("%-" + widths[0] + "s", line.get(0)));
      for (int i = 1; i < columns; i++) {
        text.append(GAP).append(String.format("%" + widths[i] + "s", line.get(i)));
      }
      text.append('\n');
    }
    text.append('\n');
  }
}
