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

  /** The same of children that have ended: field 16 of the manual. */
  private static final int CUTIME = 13;

  /** User and system time used so far, of all its threads, in microseconds. */
  long cpuMicros() throws IOException {
    return cpuMicros(read("stat"));
  }

  /** The same of all children that it has seen end, and of theirs. */
  long endedChildrenMicros() throws IOException {
    return endedChildrenMicros(read("stat"));
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
    return micros(stat, UTIME);
  }

  /** Of the text of /proc/PID/stat. */
  static long endedChildrenMicros(String stat) {
    return micros(stat, CUTIME);
  }

  /** The sum of user and system time, which stand side by side. */
  private static long micros(String stat, int user) {
    // The name, in parentheses, may have spaces and parentheses itself.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[user]) + Long.parseLong(fields[user + 1])) * MICROS_PER_TICK;
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
