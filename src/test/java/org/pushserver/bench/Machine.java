// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The machine that was measured on.
 *
 * @param cores that the JVM may use
 * @param processor its model, as Linux names it
 * @param memoryMb of the whole machine
 * @param kernel Linux's version
 * @param jdk version and maker
 */
record Machine(int cores, String processor, long memoryMb, String kernel, String jdk) {
  /** This one. */
  static Machine here() throws IOException {
    String processor =
        Files.readString(Path.of("/proc/cpuinfo"))
            .lines()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.substring(line.indexOf(':') + 1).strip())
            .findFirst()
            .orElse("unknown");
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        processor,
        ProcessFiles.field(Files.readString(Path.of("/proc/meminfo")), "MemTotal:") / 1024,
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.runtime.version") + " " + System.getProperty("java.vendor"));
  }

  /** On one line. */
  String text() {
    return cores + " cores (" + processor + "), " + memoryMb + " MB, " + kernel + ", JDK " + jdk;
  }
}
