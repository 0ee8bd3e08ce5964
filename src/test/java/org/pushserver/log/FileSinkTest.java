// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileSinkTest {
  /** A clock that a test moves. */
  private static final class Hand extends Clock {
    private Instant now = Instant.parse("2026-03-01T22:59:00Z");

    @Override
    public ZoneId getZone() {
      return ZoneId.of("Europe/Berlin");
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Instant instant() {
      return now;
    }

    void advance(Duration duration) {
      now = now.plus(duration);
    }
  }

  private static final Format BARE =
      (event, text) -> text.append(event.getFormattedMessage()).append('\n');

  @TempDir private Path folder;
  private final Hand clock = new Hand();

  private Path path() {
    return folder.resolve("log").resolve("push.log");
  }

  private FileSink sink(long maxSize, Duration maxAge, int keep) {
    return new FileSink(BARE, new LogFile(path(), maxSize, maxAge, keep), clock);
  }

  private static void write(FileSink sink, String line) {
    assertEquals(0, sink.write(List.of(Events.message(line))), sink.trouble());
  }

  private List<String> read(String suffix) throws IOException {
    return Files.readAllLines(path().resolveSibling("push.log" + suffix));
  }

  @Test
  void aLineThatCannotBeShownSpoilsNoOther() throws Exception {
    FileSink sink =
        new FileSink(new TextFormat(ZoneId.of("UTC")), new LogFile(path(), 0, Duration.ZERO, 1));
    LogLine bad =
        new LogLine(
            "outcome",
            to -> {
              to.add(Key.CALL_ID, "half");
              throw new StackOverflowError("of a test");
            });
    List<ILoggingEvent> events = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      events.add(Events.message("line " + i));
      events.add(Events.of(Level.INFO, LogLine.MESSAGE, null, bad));
    }
    assertEquals(0, sink.write(events), sink.trouble());
    sink.close();
    String before = "2026-03-01T12:00:00.042+00:00 INFO  push ";
    String rest = before + "outcome (values cannot be shown)";
    assertEquals(
        List.of(before + "line 0", rest, before + "line 1", rest, before + "line 2", rest),
        Files.readAllLines(path()));
  }

  @Test
  void whatStandsInTheWayIsToldInWords() throws Exception {
    Files.writeString(folder.resolve("log"), "no folder");
    FileSink sink = sink(0, Duration.ZERO, 1);
    assertEquals(1, sink.write(List.of(Events.message("lost"))));
    assertEquals(folder.resolve("log") + ": something else is there", sink.trouble());
  }

  @Test
  void itAppendsAndMakesTheFolder() throws Exception {
    for (String line : List.of("one", "two")) {
      FileSink sink = sink(0, Duration.ZERO, 1);
      write(sink, line);
      sink.close();
    }
    assertEquals(List.of("one", "two"), read(""));
  }

  @Test
  void itsFolderMayBeALink() throws Exception {
    Path real = Files.createDirectory(folder.resolve("real"));
    Files.createSymbolicLink(folder.resolve("log"), real);
    FileSink sink = sink(0, Duration.ZERO, 1);
    write(sink, "one");
    sink.close();
    assertEquals(List.of("one"), Files.readAllLines(real.resolve("push.log")));
  }

  @Test
  void aFileThatLogrotateMovesOrSomebodyDeletesIsOpenedAnew() throws Exception {
    FileSink sink = sink(0, Duration.ZERO, 1);
    write(sink, "before");
    Files.move(path(), path().resolveSibling("push.log.old"));
    write(sink, "still in the old one: it looks once a second");
    clock.advance(Duration.ofSeconds(1));
    write(sink, "after");
    Files.delete(path());
    clock.advance(Duration.ofSeconds(1));
    write(sink, "again");
    sink.close();
    assertEquals(2, read(".old").size());
    assertEquals(List.of("again"), read(""));
  }

  @Test
  void aFileThatIsCutToNothingGoesOnFromItsBeginning() throws Exception {
    FileSink sink = sink(0, Duration.ZERO, 1);
    write(sink, "before");
    Files.write(path(), new byte[0]);
    write(sink, "after");
    sink.close();
    assertEquals(List.of("after"), read(""));
  }

  @Test
  void aFullFileIsLeftForAnotherAndSoManyAreKept() throws Exception {
    FileSink sink = sink(10, Duration.ZERO, 2);
    for (int i = 1; i <= 4; i++) {
      write(sink, "line " + i + " of 4");
    }
    sink.close();
    assertEquals(List.of("line 4 of 4"), read(""));
    assertEquals(List.of("line 3 of 4"), read(".1"));
    assertEquals(List.of("line 2 of 4"), read(".2"));
    assertFalse(Files.exists(path().resolveSibling("push.log.3")));
  }

  @Test
  void withEachDayOfThePlaceAnotherFileBegins() throws Exception {
    FileSink sink = sink(0, Duration.ofDays(1), 3);
    write(sink, "a minute to midnight");
    clock.advance(Duration.ofMinutes(1));
    write(sink, "midnight");
    clock.advance(Duration.ofHours(23));
    write(sink, "eleven");
    sink.close();
    assertEquals(List.of("a minute to midnight"), read(".1"));
    assertEquals(List.of("midnight", "eleven"), read(""));
  }

  @Test
  void aFileOfYesterdayIsLeftWhenTheServerStarts() throws Exception {
    Files.createDirectories(path().getParent());
    Files.writeString(path(), "yesterday\n");
    Files.setLastModifiedTime(
        path(), java.nio.file.attribute.FileTime.from(clock.instant().minus(Duration.ofDays(1))));
    FileSink sink = sink(0, Duration.ofDays(1), 3);
    write(sink, "today");
    sink.close();
    assertEquals(List.of("yesterday"), read(".1"));
    assertEquals(List.of("today"), read(""));
  }

  @Test
  void aFileThatCannotBeLeftIsGoneOnWith() throws Exception {
    FileSink sink = sink(1, Duration.ZERO, 1);
    write(sink, "one");
    Files.createDirectories(path().resolveSibling("push.log.1").resolve("in the way"));
    write(sink, "two");
    write(sink, "three");
    sink.close();
    assertEquals(List.of("one", "two", "three"), read(""));
  }

  @Test
  void whatCannotBeOpenedLosesTheLinesAndSaysWhy() throws Exception {
    Files.createDirectories(path());
    FileSink sink = sink(0, Duration.ZERO, 1);
    assertEquals(2, sink.write(List.of(Events.message("one"), Events.message("two"))));
    assertTrue(sink.trouble().contains("Is a directory"), sink.trouble());
  }

  @Test
  void onAFullDeviceEveryLineIsCounted() {
    FileSink sink = new FileSink(BARE, LogFile.of(Path.of("/dev/full")), clock);
    List<ch.qos.logback.classic.spi.ILoggingEvent> many =
        IntStream.range(0, 5_000).mapToObj(i -> Events.message("line " + i)).toList();
    assertEquals(5_000, sink.write(many));
    assertEquals("No space left on device", sink.trouble());
  }
}
