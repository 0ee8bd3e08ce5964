// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.ArrayList;
import java.util.List;
import org.pushserver.spi.Problem;

/** The workers of a configuration, and what is wrong with the applications that got none. */
public final class Crew {
  private final List<Worker> workers;
  private final List<Problem> problems;

  /** Nobody. */
  public static final Crew NONE = new Crew(List.of(), List.of());

  Crew(List<Worker> workers, List<Problem> problems) {
    this.workers = List.copyOf(workers);
    this.problems = List.copyOf(problems);
  }

  /** Both together. */
  public Crew with(Crew other) {
    List<Worker> allWorkers = new ArrayList<>(workers);
    allWorkers.addAll(other.workers);
    List<Problem> allProblems = new ArrayList<>(problems);
    allProblems.addAll(other.problems);
    return new Crew(allWorkers, allProblems);
  }

  List<Worker> workers() {
    return workers;
  }

  /** The applications that can run. */
  public List<Application> applications() {
    return workers.stream().map(Worker::application).toList();
  }

  /** Errors of applications that cannot run, warnings of those that can. */
  public List<Problem> problems() {
    return problems;
  }
}
