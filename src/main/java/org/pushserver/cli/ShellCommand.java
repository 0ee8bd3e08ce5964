// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cli;

import java.util.Map;
import java.util.Set;

/** A line that is given to the system's shell. */
public final class ShellCommand {
  /** What systemd says to this process alone: another one must not answer in its name. */
  private static final Set<String> OURS_ALONE =
      Set.of("NOTIFY_SOCKET", "WATCHDOG_USEC", "WATCHDOG_PID");

  private ShellCommand() {}

  /** A process to be started, whose words go where this one's go. */
  public static ProcessBuilder of(String line) {
    ProcessBuilder shell = new ProcessBuilder("/bin/sh", "-c", line).inheritIO();
    withoutOurs(shell.environment());
    return shell;
  }

  static void withoutOurs(Map<String, String> environment) {
    environment.keySet().removeAll(OURS_ALONE);
  }
}
