// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an operator what is wrong with the configuration: each problem once, for as long as it
 * stays. One call at a time.
 */
final class ProblemLog {
  private static final Logger LOG = LoggerFactory.getLogger(ProblemLog.class);

  private final Function<Problem, String> consequence;
  private final Set<Problem> told = new HashSet<>();

  /**
   * @param consequence what follows from an ERROR, to be put after it
   */
  ProblemLog(Function<Problem, String> consequence) {
    this.consequence = consequence;
  }

  /**
   * Tells what is wrong with a configuration that is in use now.
   *
   * @param problems all of them: one that is not among them is told anew when it comes back
   * @return whether something that stops an application was told
   */
  @CanIgnoreReturnValue
  boolean applied(List<Problem> problems) {
    told.retainAll(Set.copyOf(problems));
    return tell(problems);
  }

  /**
   * Tells why a configuration is not used.
   *
   * @return whether something was told that had not been told
   */
  boolean refused(List<Problem> problems) {
    boolean news = tell(problems);
    LOG.error(
        "the changed configuration is not used{}; the server goes on as it was",
        news ? "" : ", for the reasons told before");
    return news;
  }

  private boolean tell(List<Problem> problems) {
    boolean errors = false;
    for (Problem problem : problems) {
      if (told.add(problem)) {
        log(problem);
        errors |= problem.severity() != Severity.WARNING;
      }
    }
    return errors;
  }

  private void log(Problem problem) {
    switch (problem.severity()) {
      case WARNING -> LOG.warn("{}", problem);
      case ERROR -> LOG.error("{}{}", problem, consequence.apply(problem));
      case FATAL -> LOG.error("{}", problem);
    }
  }
}
