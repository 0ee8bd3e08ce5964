// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;
import org.pushserver.spi.Time;

/**
 * Whether what stands in the configuration files is what the server runs with, and what is wrong
 * with it. An edit that was not taken stays visible here until it is put right. Any thread.
 */
public final class ConfigHealth {
  private static final int SHOWN = 20;

  /**
   * @param appliedAt when a configuration was last taken, in milliseconds since the epoch
   * @param readAt when the files were last read
   * @param taken whether what was read then is in use
   */
  private record State(long appliedAt, long readAt, boolean taken, List<Problem> problems) {}

  private final Time time;
  private volatile State state = new State(0, 0, false, List.of());

  ConfigHealth(Time time) {
    this.time = time;
  }

  /**
   * What was read is in use, as far as it is good.
   *
   * @param problems all that is wrong with it
   */
  public void applied(List<Problem> problems) {
    long now = time.now();
    state = new State(now, now, true, List.copyOf(problems));
  }

  /**
   * What was read is not used, and what was in use goes on.
   *
   * @param problems why
   */
  public void refused(List<Problem> problems) {
    state = new State(state.appliedAt(), time.now(), false, List.copyOf(problems));
  }

  /** How many problems of one kind there are. */
  long count(Severity severity) {
    return state.problems().stream().filter(one -> one.severity() == severity).count();
  }

  /** Whether what was last read is in use. */
  boolean isTaken() {
    return state.taken();
  }

  /** When a configuration was last taken, in seconds since the epoch; 0 for never. */
  double appliedAtSeconds() {
    return state.appliedAt() / 1000.0;
  }

  /** Writes it as an object's fields. */
  void write(JsonGenerator json) throws IOException {
    State now = state;
    json.writeBooleanField("taken", now.taken());
    json.writeStringField("in_use_since", Instant.ofEpochMilli(now.appliedAt()).toString());
    json.writeStringField("last_read", Instant.ofEpochMilli(now.readAt()).toString());
    json.writeArrayFieldStart("problems");
    int shown = 0;
    for (Severity severity : List.of(Severity.FATAL, Severity.ERROR, Severity.WARNING)) {
      for (Problem problem : now.problems()) {
        if (problem.severity() == severity) {
          if (shown++ < SHOWN) {
            json.writeString(name(severity) + ": " + problem);
          }
        }
      }
    }
    json.writeEndArray();
    json.writeNumberField("problems_in_all", now.problems().size());
  }

  /** How a severity is called wherever an operator meets it. */
  static String name(Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }
}
