// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that cannot be used, with every problem found in it. */
public final class ConfigException extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  /**
   * @param problems at least one
   */
  public ConfigException(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
    if (problems.isEmpty()) {
      throw new IllegalArgumentException("no problem");
    }
    this.problems = List.copyOf(problems);
  }

  /**
   * @param problem the only one
   */
  public ConfigException(Problem problem) {
    this(List.of(problem));
  }

  /** {@return every problem found, at least one} */
  public List<Problem> problems() {
    return problems;
  }
}
