// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where what comes of a request differs from what was recorded, and why. The order is that of
 * applying. What differs in the notifications themselves stands in {@link GoldenDifference}.
 */
enum GoldenAnswer {
  ACCESS("acl/push-denied-invalid-body", "strangers do not learn what is wrong with a body") {
    @Override
    void change(GoldenExpected expected) {
      expected.refused(403);
      expected.description("access denied by access list");
      expected.noData();
    }
  },

  INPUT_CRASH(
      "validation/(body-array|body-array-of-pairs|body-null|platform-number)",
      "wrong input is the caller's mistake, not the server's") {
    @Override
    void change(GoldenExpected expected) {
      expected.refused(400);
    }
  };

  private final String ids;
  private final String reason;

  GoldenAnswer(String ids, String reason) {
    this.ids = ids;
    this.reason = reason;
  }

  abstract void change(GoldenExpected expected);

  boolean concerns(GoldenCase recorded) {
    return recorded.id().matches(ids);
  }

  /** Changes what was recorded into what we expect, and tells which were concerned. */
  static Set<GoldenAnswer> applyAll(GoldenCase recorded, GoldenExpected expected) {
    Set<GoldenAnswer> concerned = EnumSet.noneOf(GoldenAnswer.class);
    for (GoldenAnswer difference : values()) {
      if (difference.concerns(recorded)) {
        difference.change(expected);
        concerned.add(difference);
      }
    }
    return concerned;
  }

  @Override
  public String toString() {
    return name() + ": " + reason;
  }
}
