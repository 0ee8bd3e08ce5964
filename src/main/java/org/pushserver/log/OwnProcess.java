// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

/**
 * Whether this process is the server's own, so that where its lines go is the server's to say.
 * Another program that has the server within it says that itself. Any thread.
 */
public final class OwnProcess {
  private static volatile boolean claimed;

  private OwnProcess() {}

  /** Says that it is; to be called before anything is logged. */
  public static void claim() {
    claimed = true;
  }

  static boolean isClaimed() {
    return claimed;
  }
}
