// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What lives on the heap of a JVM after a full collection. */
public final class LiveHeap {
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)\\s*$");

  private LiveHeap() {}

  /** In bytes. Stops that JVM for a moment, which may be this one. */
  public static long bytes(long pid) throws IOException {
    String jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd").toString();
    // Into a file: since JDK 24 the JVM writes while it stands still, and could not read a pipe.
    Path histogram = Files.createTempFile("histogram", ".txt");
    try {
      new ProcessBuilder(List.of(jcmd, Long.toString(pid), "GC.class_histogram"))
          .redirectErrorStream(true)
          .redirectOutput(histogram.toFile())
          .start()
          .onExit()
          .join();
      return parse(Files.readString(histogram));
    } finally {
      Files.delete(histogram);
    }
  }

  /** Of the histogram's text. */
  static long parse(String histogram) {
    Matcher total = TOTAL.matcher(histogram);
    if (!total.find()) {
      throw new BenchException("jcmd gave no histogram:\n" + histogram);
    }
    return Long.parseLong(total.group(1));
  }
}
