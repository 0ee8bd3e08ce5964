// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

/**
 * Notices when more than half of the last 50 answers are BadDeviceToken: device tokens go bad one
 * at a time, unless they are all of the other environment. Pure; one thread.
 */
final class EnvironmentWatch {
  private static final int ANSWERS = 50;
  private static final long MASK = (1L << ANSWERS) - 1;

  /** A burst has ended when so few are left of it, so that one around the half is not many. */
  private static final int FEW = ANSWERS / 4;

  /** One bit for each answer, the last one lowest: whether it was BadDeviceToken. */
  private long bad;

  private boolean burst;

  /** Whether there is a burst now. */
  boolean isBurst() {
    return burst;
  }

  /**
   * Takes note of an answer.
   *
   * @return whether a burst begins with it
   */
  boolean begins(boolean badDeviceToken) {
    bad = ((bad << 1) | (badDeviceToken ? 1 : 0)) & MASK;
    int count = Long.bitCount(bad);
    if (burst) {
      burst = count > FEW;
      return false;
    }
    burst = count > ANSWERS / 2;
    return burst;
  }
}
