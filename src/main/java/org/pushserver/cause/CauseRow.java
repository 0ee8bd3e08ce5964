// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cause;

import java.util.Set;
import java.util.regex.Pattern;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;

/**
 * One row of the table of causes: what it fits, and what is said then. A test that is null fits
 * everything. Immutable.
 *
 * @param id never changed
 * @param group under which troubleshooting.md shows it
 * @param service the platform it is for, {@link #OTHER} for any that is not built in
 * @param ends how the push ended; null with {@code open} for one that has not
 * @param open whether it is for pushes that have not ended
 * @param code what the caller was answered
 * @param reason found in the reason, whatever its case
 * @param when what else has to be so; all of it
 * @param sentence what happened, with names of {@link Facts#fill} in braces
 * @param next what to do, the same
 * @param anchor a heading of troubleshooting.md
 */
record CauseRow(
    String id,
    String group,
    String service,
    Set<TrailEnd> ends,
    boolean open,
    Pattern code,
    Pattern reason,
    Set<Circumstance> when,
    String sentence,
    String next,
    String anchor) {
  static final String OTHER = "other";

  boolean fits(Facts facts) {
    TrailEntry entry = facts.entry();
    return isOf(entry.end())
        && (service == null || service.equals(facts.service()))
        && (code == null || code.matcher(Integer.toString(entry.code())).matches())
        && (reason == null || reason.matcher(entry.reason()).find())
        && when.stream().allMatch(one -> one.holds(facts));
  }

  private boolean isOf(TrailEnd end) {
    return end == null ? open || ends == null : !open && (ends == null || ends.contains(end));
  }

  Explanation explain(Facts facts) {
    return new Explanation(id, facts.fill(sentence), facts.fill(next), anchor);
  }
}
