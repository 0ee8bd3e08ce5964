// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ShellCommandTest {
  @Test
  void aChildKnowsNothingOfWhatSystemdSaysToThisProcessAlone() {
    Map<String, String> environment =
        new TreeMap<>(
            Map.of(
                "NOTIFY_SOCKET", "/run/systemd/notify",
                "WATCHDOG_USEC", "30000000",
                "WATCHDOG_PID", "4711",
                "PATH", "/bin"));
    ShellCommand.withoutOurs(environment);
    assertEquals(Map.of("PATH", "/bin"), environment);
  }

  @Test
  void theLineIsTheShells() {
    assertEquals(List.of("/bin/sh", "-c", "echo a b"), ShellCommand.of("echo a b").command());
  }
}
