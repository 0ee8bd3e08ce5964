// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.pushserver.config.LogSettings.Journal;
import org.pushserver.spi.Problem;

class LogSettingsTest {
  private static final Path FILE = Path.of("/log");

  private final List<Problem> problems = new ArrayList<>();

  private LogSettings read(Map<String, String> keys) {
    return LogSettings.read(
        new SectionReader("general.ini", "server", keys, problems::add), FILE, false);
  }

  @Test
  void withoutKeysItIsTextToTheConsoleOrTheJournal() {
    assertEquals(
        new LogSettings(false, false, Journal.AUTO, false, FILE, 0, Duration.ZERO, 7),
        read(Map.of()));
  }

  @Test
  void everyKeyIsUnderstood() {
    assertEquals(
        new LogSettings(true, true, Journal.YES, true, FILE, 100 << 20, Duration.ofDays(1), 3),
        read(
            Map.of(
                "debug", "yes",
                "log_format", "JSON",
                "log_journal", "on",
                "log_to_file", "1",
                "log_file_max_size", "100M",
                "log_file_max_age", "86400",
                "log_file_keep", "3")));
    assertEquals(Journal.NO, read(Map.of("log_journal", "no")).journal());
    assertEquals(List.of(), problems);
  }

  @Test
  void sizesMayHaveAUnit() {
    assertEquals(5, read(Map.of("log_file_max_size", "5")).maxSize());
    assertEquals(5 << 10, read(Map.of("log_file_max_size", "5k")).maxSize());
    assertEquals(1024L << 30, read(Map.of("log_file_max_size", "1024G")).maxSize());
    assertEquals(List.of(), problems);
  }

  @Test
  void aWrongValueIsADefaultWithAWarning() {
    for (String size : List.of("1025G", "-1", "5 M", "5T", "9999999999")) {
      assertEquals(0, read(Map.of("log_file_max_size", size)).maxSize());
    }
    assertEquals(5, problems.size());
    assertEquals(false, read(Map.of("log_format", "xml")).json());
    assertEquals(
        "general.ini [server] log_format: 'xml' is not one of text, json; text is used",
        problems.get(5).toString());
    assertEquals(Journal.NO, read(Map.of("log_journal", "perhaps")).journal());
    assertEquals(7, problems.size());
  }
}
