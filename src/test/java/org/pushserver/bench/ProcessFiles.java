// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What Linux knows of a process. The parsers are pure.
 *
 * @param pid of a process that lives
 */
record ProcessFiles(long pid) {
  /** Of the clock that /proc counts in: 100 per second on every machine that runs a JVM. */
  private static final long MICROS_PER_TICK = 10_000;

  /** Fields of /proc/PID/stat after the name, from 0: utime is field 14 of the manual. */
  private static final int UTIME = 11;

  /** User and system time used so far, of all its threads, in microseconds. */
  long cpuMicros() throws IOException {
    return cpuMicros(read("stat"));
  }

  /** Memory in use, in bytes. */
  long residentBytes() throws IOException {
    return field(read("status"), "VmRSS:") * 1024;
  }

  /** Bytes that it has read so far, from sockets and files. */
  long bytesRead() throws IOException {
    return field(read("io"), "rchar:");
  }

  private String read(String file) throws IOException {
    return Files.readString(Path.of("/proc", Long.toString(pid), file));
  }

  /** Of the text of /proc/PID/stat. */
  static long cpuMicros(String stat) {
    // The name, in parentheses, may have spaces and parentheses itself.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1])) * MICROS_PER_TICK;
  }

  /** The number behind a name, of a file with one name in a line. */
  static long field(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(name.length()).strip().split(" ", 2)[0])
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new BenchException("/proc has no " + name));
  }
}
