// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.sandbox.Fault;
import org.pushserver.sandbox.Fault.Kind;
import org.pushserver.sandbox.Service;

/**
 * A server with a spool that is killed at every stage of its work: what is lost, what comes back.
 */
@Timeout(3_000)
class SpoolKillsIT {
  private static final int END_S = 60;

  /** How often it is killed; more with --long. The third time it has told an end before. */
  private static final int KILLS = Integer.getInteger("pushserver.kills", 3);

  /** For so many starts. */
  private static final int WORTH_AN_ARCHIVE = 20;

  /** How many clients wait for an answer at a time. */
  private static final int CLIENTS = 32;

  private static final JsonObject RING = new JsonObject();
  private static final JsonObject MESSAGE = new JsonObject().put("event", "message");
  private static final JsonObject AWAITED = new JsonObject().put("wait", 1);

  /** When it is killed; each begins with what the one before it has left. */
  private enum Stage {
    /** While many pushes wait for their next attempt. */
    WAITING,
    /** While it goes on with what was left, as soon as it has read that. */
    REPLAYING,
    /** While it takes pushes and sends them. */
    ACCEPTING,
    /** While many answers of the push service are still to come. */
    IN_FLIGHT,
    /** The moment the push service has taken one. */
    ANSWERING,
    /** While another takes its place; that one is killed a moment later. */
    TAKING_OVER
  }

  @TempDir private Path directory;
  @RegisterExtension private final Program program = new Program(() -> directory);
  private final List<CompletableFuture<?>> open = new ArrayList<>();
  private final Map<Stage, Integer> kills = new EnumMap<>(Stage.class);
  private final Random random = new Random(42);
  private SpoolBooks books;

  /** For the Java of each server. */
  private String[] quick = {};

  @BeforeEach
  void configure() throws Exception {
    Path general = program.config.resolve("general.ini");
    // So that nothing is lost because it was late.
    String keys = "spool = yes\nspool_after = 0.2\nreturn_async = no\ndrain_timeout = 1\n";
    Files.writeString(
        general,
        Files.readString(general).replace("[server]", "[server]\n" + keys)
            + "\n[delivery]\ncall_deadline = 3000\nmessage_deadline = 3000\n");
    books = new SpoolBooks(program.sandbox.journal());
  }

  private void fault(Fault fault) {
    program.sandbox.faults().add(fault.at(Service.APNS));
  }

  private Duration upTo(int ms) {
    return Duration.ofMillis(random.nextInt(ms));
  }

  /** Asks one server after the other for pushes until it is enough. */
  private void askUntil(BooleanSupplier isEnough, ServerProcess... servers) {
    for (int i = 0; !isEnough.getAsBoolean(); i++) {
      JsonObject more = i % 8 == 0 ? AWAITED : i % 2 == 0 ? MESSAGE : RING;
      open.add(books.ask(servers[i % servers.length], more));
      open.removeIf(CompletableFuture::isDone);
      if (open.size() >= CLIENTS) {
        Object unused = await(CompletableFuture.anyOf(open.toArray(CompletableFuture[]::new)));
      }
      if (i % 500 == 0) {
        books.hear();
      }
    }
  }

  private static BooleanSupplier after(Duration time) {
    long end = System.nanoTime() + time.toNanos();
    return () -> System.nanoTime() - end > 0;
  }

  private void kill(Stage stage, ServerProcess... servers) throws Exception {
    for (ServerProcess server : servers) {
      server.kill();
      kills.merge(stage, 1, Integer::sum);
    }
    await(CompletableFuture.allOf(open.toArray(CompletableFuture[]::new)));
    open.clear();
    for (ServerProcess server : servers) {
      books.ended(server);
    }
  }

  private void kill(Stage stage) throws Exception {
    program.sandbox.faults().clear();
    switch (stage) {
      case WAITING -> {
        fault(Fault.answer(503).retryAfter(20).times(200));
        ServerProcess server = program.start(quick);
        askUntil(after(upTo(500)), server);
        server.untilLogged("attempt .*status=\"?503");
        kill(stage, server);
      }
      case REPLAYING -> {
        fault(Fault.of(Kind.DELAY).after(upTo(300)));
        ServerProcess server = program.begin(quick);
        server.untilLogged("pushes were left in the spool");
        LockSupport.parkNanos(upTo(400).toNanos());
        kill(stage, server);
      }
      case ACCEPTING -> {
        fault(Fault.answer(503).times(5));
        ServerProcess server = program.start(quick);
        askUntil(after(upTo(1_000)), server);
        server.untilLogged(SpoolBooks.ENDED);
        kill(stage, server);
      }
      case IN_FLIGHT -> {
        fault(Fault.of(Kind.DELAY).after(Duration.ofMillis(50 + random.nextInt(500))));
        ServerProcess server = program.start(quick);
        askUntil(after(upTo(700)), server);
        kill(stage, server);
      }
      case ANSWERING -> {
        ServerProcess server = program.start(quick);
        askUntil(after(upTo(300)), server);
        Process victim = server.process();
        var taken = program.sandbox.journal().next(program.sandbox.journal().last());
        var unused = taken.onSuccess(one -> victim.destroyForcibly());
        askUntil(() -> !victim.isAlive(), server);
        kill(stage, server);
      }
      case TAKING_OVER -> takeOver(stage);
    }
  }

  private void takeOver(Stage stage) throws Exception {
    fault(Fault.answer(503).retryAfter(1).times(30));
    ServerProcess before = program.start(quick);
    askUntil(after(upTo(300)), before);
    ServerProcess after = program.beginInPlaceOf(before, quick);
    if (random.nextBoolean()) {
      // The old one is hit while it ends or before, the new one some time later.
      askUntil(after(upTo(1_500)), before);
      kill(stage, before);
      if (after.untilLogged("requests on|(there is no process|is no server of)").group(1) == null) {
        after.untilServing();
        askUntil(after(upTo(500)), after);
      }
      kill(stage, after);
    } else {
      after.untilServing();
      askUntil(after(upTo(1_500)), before, after);
      kill(stage, after, before);
    }
  }

  private List<String> files() throws Exception {
    List<String> files = new ArrayList<>();
    try (Stream<Path> all = Files.walk(program.config.resolveSibling("state").resolve("spool"))) {
      all.filter(Files::isRegularFile).forEach(file -> files.add(file.getFileName().toString()));
    }
    files.removeAll(Set.of("lock", "format"));
    return files;
  }

  @Test
  void whereverItIsKilledNothingAcceptedIsLostAndNothingComesBackWhoseEndWasTold()
      throws Exception {
    if (KILLS > WORTH_AN_ARCHIVE) {
      quick = ClassArchive.make(Files.createDirectory(directory.resolve("archive")));
    }
    long begun = System.nanoTime();
    for (int i = 0; kills.values().stream().mapToInt(Integer::intValue).sum() < KILLS; i++) {
      kill(Stage.values()[i % Stage.values().length]);
    }
    program.sandbox.faults().clear();
    ServerProcess last = program.start(quick);
    until(
        () -> {
          books.hear();
          return books.missing().isEmpty();
        },
        () -> "lost: " + books.missing() + last.log());
    last.signal("TERM");
    assertEquals(0, last.exitCode(END_S));
    books.hear();
    System.out.printf(
        Locale.ROOT,
        "%s kills in %d s: %d asked, %d promised, %d ends told; %d taken, %d of them twice, %d of"
            + " those told before%n",
        kills,
        Duration.ofNanos(System.nanoTime() - begun).toSeconds(),
        books.asked(),
        books.promised(),
        books.told(),
        books.taken().size(),
        books.takenTwice(),
        books.back().size());
    assertTrue(books.promised() > 10 * KILLS, () -> "too few: " + books.promised());
    assertTrue(books.told() > 0, "no end was found in the log");
    assertEquals(Set.of(), books.back(), "came back though its end was told");
    assertEquals(0, books.renamed(), "came back under another id");
    assertEquals(List.of(), files(), "nothing is left, and no trace of it");
  }
}
