// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.SamplePush;
import org.pushserver.trail.TrailCounts.Dropped;

/** What reaches the files, and what happens when they cannot be written. */
@Timeout(60)
class TrailWriterTest {
  private static final Response TAKEN = new Response(200, "", "", "{}");
  private static final Response REFUSED = new Response(400, "PayloadEmpty", "", "{}");

  @TempDir Path state;

  private final ManualTime time = new ManualTime(SamplePush.BORN);
  private final TrailCounts counts = new TrailCounts();
  private final TrailQueue queue = new TrailQueue(1 << 20, counts);
  private final List<Runnable> ends = new ArrayList<>();

  @AfterEach
  void end() {
    ends.forEach(Runnable::run);
  }

  /** A writer with its upkeep, which both end with the test. */
  private final class Running {
    private final TrailFiles files;
    private final TrailUpkeep upkeep;
    private final TrailWriter writer;

    Running(Path folder, int sample) {
      TrailLimits options = new TrailLimits(folder, 30, 1L << 30, sample);
      files = new TrailFiles(folder);
      upkeep = new TrailUpkeep(files, options, time);
      writer = new TrailWriter(options, queue, files, upkeep, counts, time, entry -> {});
      writer.start();
      ends.add(this::stop);
    }

    void stop() {
      writer.stop(10_000);
      upkeep.stop(10_000);
    }

    Set<String> written() throws Exception {
      Set<String> calls = new TreeSet<>();
      for (StoredFile file : files.list()) {
        try (TrailReader reader = TrailReader.open(file.path(), file.closed())) {
          for (int no : reader.blocksOf(0, Long.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE)) {
            reader.block(no).entries().forEach(entry -> calls.add(entry.callId()));
          }
        }
      }
      return calls;
    }
  }

  private void end(String callId, Result result) {
    Push push = SamplePush.of(Event.INCOMING_SESSION).callId(callId).push();
    Response said = result == Result.DELIVERED ? TAKEN : REFUSED;
    queue.offer(new TrailDraft(push, true).end(new Outcome(result, said, 1), time.now()));
  }

  private Running running() {
    return new Running(state.resolve("trail"), 1);
  }

  @Test
  void whatEndedIsThereWhenTheWriterHasStopped() throws Exception {
    Running running = running();
    for (int i = 0; i < 100; i++) {
      end("call-" + i, Result.DELIVERED);
    }
    running.stop();
    assertEquals(100, running.written().size());
    assertEquals(100, counts.written());
    assertEquals(0, counts.lost());
    assertTrue(running.files.list().get(0).closed());
  }

  @Test
  void eachHourHasAFileOfItsOwn() throws Exception {
    Running running = running();
    end("one", Result.DELIVERED);
    await(running.writer.flush());
    time.advance(Duration.ofHours(1));
    end("two", Result.DELIVERED);
    await(running.writer.flush());
    running.stop();
    assertEquals(2, running.files.list().size());
    assertEquals(Set.of("one", "two"), running.written());
  }

  @Test
  void aSampleKeepsWholeCallsAndAllThatWasNotDelivered() throws Exception {
    Running running = new Running(state.resolve("trail"), 10);
    for (int i = 0; i < 500; i++) {
      end("call-" + i, Result.DELIVERED);
      end("refused-" + i, Result.REFUSED);
    }
    await(running.writer.flush());
    Set<String> first = running.written();
    for (int i = 0; i < 500; i++) {
      end("call-" + i, Result.DELIVERED);
    }
    running.stop();
    assertEquals(first, running.written());
    assertEquals(500, first.stream().filter(call -> call.startsWith("refused-")).count());
    long kept = first.stream().filter(call -> call.startsWith("call-")).count();
    assertTrue(kept > 20 && kept < 90, kept + " of 500");
    assertEquals(2 * (500 - kept), counts.droppedFor(Dropped.SAMPLED));
  }

  @Test
  void aFolderThatCannotBeMadeIsSaidAndUsedWhenItCan() throws Exception {
    Path taken = Files.writeString(state.resolve("trail"), "no folder");
    Running running = running();
    end("one", Result.DELIVERED);
    await(running.writer.flush());
    assertFalse(running.writer.problem().isEmpty());
    Files.delete(taken);
    while (!running.writer.problem().isEmpty()) {
      await(running.writer.flush());
    }
    running.stop();
    assertEquals(Set.of("one"), running.written());
  }

  @Test
  void whatFindsNoRoomWhileTheDiskFailsIsCountedAsTheDisks() throws Exception {
    Path taken = Files.writeString(state.resolve("trail"), "no folder");
    Running running = running();
    end("first", Result.DELIVERED);
    await(running.writer.flush());
    for (int i = 0; i < 40_000; i++) {
      end("call-" + i, Result.DELIVERED);
    }
    assertTrue(counts.droppedFor(Dropped.DISK) > 10_000);
    assertEquals(0, counts.droppedFor(Dropped.OVERLOAD));
    Files.delete(taken);
    running.stop();
    assertEquals(40_001, counts.written() + counts.lost());
    assertTrue(running.written().contains("first"));
  }

  @Test
  void aFolderThatIsDeletedIsMadeAgain() throws Exception {
    Running running = running();
    end("one", Result.DELIVERED);
    await(running.writer.flush());
    for (Path file : List.copyOf(contents(state.resolve("trail")))) {
      boolean unused = Files.deleteIfExists(file);
    }
    Files.delete(state.resolve("trail"));
    end("two", Result.DELIVERED);
    await(running.writer.flush());
    end("three", Result.DELIVERED);
    await(running.writer.flush());
    running.stop();
    assertTrue(running.written().contains("three"));
  }

  private static List<Path> contents(Path folder) throws Exception {
    try (var all = Files.list(folder)) {
      return all.toList();
    }
  }

  @Test
  void aSecondServerWaitsForTheFolder() throws Exception {
    Running first = running();
    end("one", Result.DELIVERED);
    await(first.writer.flush());
    Running second = running();
    while (second.writer.problem().isEmpty()) {
      await(second.writer.flush());
    }
    assertTrue(second.writer.problem().contains("another server"), second.writer.problem());
    first.stop();
    end("two", Result.DELIVERED);
    while (!second.writer.problem().isEmpty()) {
      await(second.writer.flush());
    }
    second.stop();
    assertEquals(Set.of("one", "two"), second.written());
  }

  @Test
  void aFileLeftOpenIsClosedAtTheNextStart() throws Exception {
    Path folder = Files.createDirectories(state.resolve("trail"));
    Path left = new TrailFiles(folder).next(SamplePush.BORN - 10_000);
    try (WrittenTrail file = WrittenTrail.create(left)) {
      file.add(TrailEntries.delivered(1));
      file.commit();
    }
    Running running = running();
    await(running.writer.flush());
    while (running.files.list().stream().anyMatch(file -> !file.closed())) {
      await(running.writer.flush());
    }
    running.stop();
    assertEquals(Set.of(TrailEntries.callId(1)), running.written());
  }

  @Test
  void aNoteIsWrittenToo() throws Exception {
    UUID push = new UUID(3, 4);
    Running running = running();
    TrailStep woken = new TrailStep(TrailStep.What.WOKEN, time.now(), 0, 0, "", 12, "", 0);
    queue.offer(new TrailNote(push, TrailEntries.APP, "call", woken));
    running.stop();
    try (TrailReader reader = TrailReader.open(running.files.list().get(0).path(), true)) {
      assertEquals(woken, reader.notes(push).get(0).step());
    }
  }

  @Test
  void aFloodOfRefusalsIsCutToSoManyASecond() {
    RefusalLimit limit = new RefusalLimit(100, time);
    int kept = 0;
    for (int i = 0; i < 5000; i++) {
      kept += limit.allows() ? 1 : 0;
    }
    assertEquals(100, kept);
    time.advance(Duration.ofSeconds(1));
    assertTrue(limit.allows());
  }

  @Test
  void nobodyElseMayReadTheFiles() throws Exception {
    Running running = running();
    end("one", Result.DELIVERED);
    await(running.writer.flush());
    try (Stream<Path> all = Files.list(state.resolve("trail"))) {
      List<Path> files = all.toList();
      assertTrue(files.size() > 1, files::toString);
      for (Path file : files) {
        Set<PosixFilePermission> may = Files.getPosixFilePermissions(file);
        may.retainAll(PosixFilePermissions.fromString("---rwxrwx"));
        may.remove(PosixFilePermission.GROUP_READ);
        assertEquals(Set.of(), may, file.toString());
      }
    }
  }

  @Test
  void whatNobodyCanWriteDoesNotStandBeforeWhatFollows() throws Exception {
    end("before", Result.DELIVERED);
    Push push = SamplePush.of(Event.INCOMING_SESSION).callId("torn").push();
    queue.offer(new TrailDraft(push, true).entry());
    end("next", Result.REFUSED);
    Running running = running();
    await(running.writer.flush());
    queue.offer(new TrailDraft(push, true).entry());
    end("last", Result.REFUSED);
    running.stop();
    assertEquals(Set.of("before", "next", "last"), running.written());
    assertEquals(2, counts.lost());
  }

  @Test
  void aRecordThatCannotBeMadeIsCountedAndThoseAfterItAreWrittenAtOnce() throws Exception {
    Running running = running();
    Push one = SamplePush.of(Event.INCOMING_SESSION).callId("torn").push();
    Object torn =
        new Object() {
          @Override
          public String toString() {
            throw new IllegalStateException("torn");
          }
        };
    Push push =
        new Push(
            one.id(),
            one.app(),
            one.device(),
            one.event(),
            one.callId(),
            one.details(),
            one.bornAt(),
            one.deadline(),
            null,
            torn);
    queue.offer(
        new TrailDraft(push, true).end(new Outcome(Result.DELIVERED, TAKEN, 1), time.now()));
    end("next", Result.DELIVERED);
    await(running.writer.flush());
    assertEquals(Set.of("next"), running.written());
    assertEquals(1, counts.lost());
  }
}
