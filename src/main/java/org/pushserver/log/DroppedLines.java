// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * How many log lines each sink had to drop since the start of the process, because it could not
 * keep up or because writing failed. One for the whole process, as logging is. Any thread.
 */
public final class DroppedLines {
  private static final Map<String, LongAdder> BY_SINK = new ConcurrentHashMap<>();

  private DroppedLines() {}

  /**
   * The count of a sink, which goes on when another of that name takes its place: {@code console},
   * {@code file}, {@code journal}, {@code collectors} for reports to remote collectors, and {@code
   * homer} for messages to Homer.
   */
  public static LongAdder of(String sink) {
    return BY_SINK.computeIfAbsent(sink, name -> new LongAdder());
  }
}
