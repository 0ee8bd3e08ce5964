// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.util.List;
import java.util.Optional;

/**
 * What a scenario works with.
 *
 * @param stage shared by all
 * @param builds ours, and the baseline if there is one
 * @param plan how long
 * @param report takes the figures
 * @param rival that is measured beside ours, if there is one
 * @param percent more than the baseline's that is still no worse
 */
record Run(
    Stage stage,
    List<Build> builds,
    Plan plan,
    Report report,
    Optional<Gorush> rival,
    double percent) {
  /** Says what is being done, to who waits. */
  static void say(String what) {
    System.err.println(what);
  }
}
