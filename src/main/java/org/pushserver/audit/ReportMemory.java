// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How much memory the reports of all applications may take together while their collectors do not
 * take them, and what is remembered for them. One for the whole process, as the heap is. Any
 * thread.
 */
final class ReportMemory {
  private static final long MOST = Runtime.getRuntime().maxMemory() / 16;
  private static final AtomicLong USED = new AtomicLong();

  private ReportMemory() {}

  /** Takes some; false when there is not so much left. */
  static boolean take(int bytes) {
    if (USED.addAndGet(bytes) <= MOST) {
      return true;
    }
    USED.addAndGet(-bytes);
    return false;
  }

  /** Gives some back. */
  static void free(int bytes) {
    USED.addAndGet(-bytes);
  }
}
