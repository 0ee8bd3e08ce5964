// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.ArrayList;
import java.util.List;
import org.pushserver.events.Application;
import org.pushserver.spi.Problem;

/** The parts of each application of a configuration, and what is wrong with those without. */
public final class PreparedApplications {
  private final List<ApplicationParts> parts;
  private final List<Problem> problems;

  /** Nobody. */
  public static final PreparedApplications NONE = new PreparedApplications(List.of(), List.of());

  PreparedApplications(List<ApplicationParts> parts, List<Problem> problems) {
    this.parts = List.copyOf(parts);
    this.problems = List.copyOf(problems);
  }

  /** Both together. */
  public PreparedApplications with(PreparedApplications other) {
    List<ApplicationParts> allParts = new ArrayList<>(parts);
    allParts.addAll(other.parts);
    List<Problem> allProblems = new ArrayList<>(problems);
    allProblems.addAll(other.problems);
    return new PreparedApplications(allParts, allProblems);
  }

  List<ApplicationParts> parts() {
    return parts;
  }

  /** The applications that can run. */
  public List<Application> applications() {
    return parts.stream().map(ApplicationParts::application).toList();
  }

  /** Errors of applications that cannot run, warnings of those that can. */
  public List<Problem> problems() {
    return problems;
  }
}
