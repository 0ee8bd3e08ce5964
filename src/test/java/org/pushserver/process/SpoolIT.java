// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Await;
import org.pushserver.fake.Command;
import org.pushserver.sandbox.Fault;
import org.pushserver.sandbox.Notification;
import org.pushserver.sandbox.Service;

/** A server with a spool, which is killed, stopped or replaced: what is lost, what comes twice. */
@Timeout(3_000)
class SpoolIT {
  private static final int END_S = 60;

  /** How often it is killed; more with --long. */
  private static final int KILLS = Integer.getInteger("pushserver.kills", 1);

  private static final Pattern ENDED = Pattern.compile("push outcome call-id=([0-9a-f]{64}) ");

  @TempDir private Path directory;
  @RegisterExtension private final Program program = new Program(() -> directory);

  /** Tokens, which are call-ids too, of which a client was told 202. */
  private final Set<String> promised = ConcurrentHashMap.newKeySet();

  /** How often the stand-in took each token. */
  private final Map<String, Integer> taken = new HashMap<>();

  /** The apns-ids that came with each token. */
  private final Map<String, Set<String>> ids = new HashMap<>();

  private final Random random = new Random(42);
  private long heard;
  private int asked;

  @BeforeEach
  void configure() throws Exception {
    Path general = program.config.resolve("general.ini");
    Files.writeString(
        general,
        Files.readString(general)
            .replace("[server]", "[server]\nspool = yes\nspool_after = 0.2\nreturn_async = no\n"));
  }

  private void hear() {
    for (Notification one : program.sandbox.journal().list(heard)) {
      heard = one.seq();
      if (one.status() == 200) {
        String token = one.path().replace("/3/device/", "");
        taken.merge(token, 1, Integer::sum);
        ids.computeIfAbsent(token, first -> new HashSet<>()).add(one.headers().get("apns-id"));
      }
    }
  }

  private String token() {
    return String.format(Locale.ROOT, "%064x", ++asked);
  }

  private CompletableFuture<Void> ask(ServerProcess server) {
    String token = token();
    return server
        .push(token)
        .handle(
            (answer, cause) -> {
              if (answer != null && answer.statusCode() == 202) {
                promised.add(token);
              }
              return null;
            });
  }

  /** Those whose end is in the log, by their call-id. */
  private static Set<String> told(ServerProcess server) {
    Set<String> told = new HashSet<>();
    for (String line : server.log().split("\n", -1)) {
      Matcher end = ENDED.matcher(line);
      if (end.find()) {
        told.add(end.group(1));
      }
    }
    return told;
  }

  @Test
  void howeverOftenItIsKilledNothingAcceptedIsLostAndNothingComesBackWhoseEndWasTold()
      throws Exception {
    Map<String, Integer> takenWhenTold = new HashMap<>();
    for (int round = 0; round < KILLS; round++) {
      ServerProcess server = program.start();
      int failures = round == 0 ? 5 : random.nextInt(3) == 0 ? 50 : 0;
      if (failures > 0) {
        program.sandbox.faults().add(Fault.answer(503).at(Service.APNS).times(failures));
      }
      List<CompletableFuture<Void>> open = new ArrayList<>();
      long until = System.nanoTime() + Duration.ofMillis(20 + random.nextInt(1_500)).toNanos();
      while (System.nanoTime() < until) {
        open.add(ask(server));
        if (open.size() >= 32) {
          open.remove(0).join();
        }
      }
      if (round == 0) {
        server.untilLogged(ENDED.pattern());
      }
      server.kill();
      await(CompletableFuture.allOf(open.toArray(CompletableFuture[]::new)));
      hear();
      for (String token : told(server)) {
        takenWhenTold.putIfAbsent(token, taken.getOrDefault(token, 0));
      }
    }
    ServerProcess last = program.start();
    Await.until(
        () -> {
          hear();
          return taken.keySet().containsAll(promised);
        },
        () -> "lost: " + promised.stream().filter(one -> !taken.containsKey(one)).toList());
    last.signal("TERM");
    assertEquals(0, last.exitCode(END_S));
    hear();
    long again =
        takenWhenTold.entrySet().stream()
            .filter(one -> taken.getOrDefault(one.getKey(), 0) > one.getValue())
            .count();
    long twice = taken.values().stream().filter(count -> count > 1).count();
    long renamed = ids.values().stream().filter(names -> names.size() > 1).count();
    System.out.printf(
        Locale.ROOT,
        "%d kills: %d asked, %d promised, %d taken, %d of them twice, %d of those told before%n",
        KILLS,
        asked,
        promised.size(),
        taken.size(),
        twice,
        again);
    assertTrue(promised.size() > 10 * KILLS, () -> "too few to say anything: " + promised.size());
    assertTrue(!takenWhenTold.isEmpty(), "no end was found in the log");
    assertEquals(0, again, "came back though its end was told");
    assertEquals(0, renamed, "came back under another id");
  }

  @Test
  @EnabledIfSystemProperty(named = "pushserver.kills", matches = "[0-9]+")
  void whatIsNotDoneWhenTheServerEndsStaysForTheNextStart() throws Exception {
    Path general = program.config.resolve("general.ini");
    Files.writeString(
        general, Files.readString(general).replace("[server]", "[server]\ndrain_timeout = 1\n"));
    program.sandbox.faults().add(Fault.answer(503).retryAfter(20).at(Service.APNS).times(1));
    ServerProcess before = program.start();
    String token = token();
    HttpResponse<String> answer = await(before.push(token));
    assertEquals(202, answer.statusCode(), answer::body);
    before.untilLogged("attempt .*status=\"?503");
    before.signal("TERM");
    assertEquals(0, before.exitCode(END_S));
    before.untilLogged("1 pushes stay in the spool");
    hear();
    assertEquals(Map.of(), taken);
    ServerProcess after = program.start();
    after.untilLogged("1 pushes were left in the spool");
    Await.until(
        () -> {
          hear();
          return taken.containsKey(token);
        },
        () -> "it was not replayed: " + after.log());
  }

  @Test
  void theServerThatTakesOverGoesOnWithWhatTheOtherLeaves() throws Exception {
    Path general = program.config.resolve("general.ini");
    Files.writeString(
        general, Files.readString(general).replace("[server]", "[server]\ndrain_timeout = 1\n"));
    program.sandbox.faults().add(Fault.answer(503).retryAfter(20).at(Service.APNS).times(1));
    ServerProcess before = program.start();
    String token = token();
    assertEquals(202, await(before.push(token)).statusCode());
    before.untilLogged("attempt .*status=\"?503");
    ServerProcess after = program.startInPlaceOf(before);
    String another = token();
    assertEquals(202, await(after.push(another)).statusCode());
    after.untilLogged("1 pushes were left by another server");
    Await.until(
        () -> {
          hear();
          return taken.keySet().containsAll(Set.of(token, another));
        },
        () -> "it was not taken up: " + after.log());
  }

  @Test
  @EnabledIfSystemProperty(named = "pushserver.kills", matches = "[0-9]+")
  void aSecondServerDoesNotStartOnTheSameSpool() throws Exception {
    ServerProcess first = program.start();
    ServerProcess second = ServerProcess.begin(program.config);
    assertEquals(1, second.exitCode(END_S));
    second.untilLogged("spool");
    assertEquals(202, await(first.push(token())).statusCode());
  }

  private static String state(ServerProcess server) throws Exception {
    return new JsonObject(server.get("/health/ready")).getJsonObject("spool").getString("state");
  }

  private static int run(String... words) throws Exception {
    return Command.of(words).run().code();
  }

  private static void fill(Path file) throws IOException {
    try (OutputStream filler = Files.newOutputStream(file)) {
      byte[] block = new byte[4096];
      assertThrows(
          IOException.class,
          () -> {
            while (true) {
              filler.write(block);
            }
          });
    }
  }

  @Test
  void onAFullDiskWhoDoesNotWaitIsRefusedAndWhoWaitsIsServedAndAllIsWellWhenThereIsRoom()
      throws Exception {
    Path disk = Files.createDirectories(program.config.resolveSibling("state").resolve("spool"));
    assumeTrue(
        run("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk.toString()) == 0,
        "only root may make a small disk");
    try {
      ServerProcess server = program.start();
      assertEquals("kept", state(server));
      Path filler = disk.resolve("filler");
      fill(filler);
      program.sandbox.faults().add(Fault.answer(503).retryAfter(1).at(Service.APNS).times(2));
      assertEquals(503, await(server.push(token())).statusCode());
      assertEquals("not_kept", state(server));
      assertTrue(server.get("/metrics").contains("pushserver_spool_failures_total"));
      assertEquals(503, await(server.push(token())).statusCode());
      String waiting = token();
      HttpResponse<String> answer =
          await(
              server.post(
                  ServerProcess.ring(waiting).put("wait", 30).encode(),
                  "content-type",
                  "application/json"));
      assertEquals(200, answer.statusCode(), answer::body);
      hear();
      assertEquals(Map.of(waiting, 1), taken);
      server.untilLogged("is full; make room");
      Files.delete(filler);
      Await.until(() -> state(server).equals("kept"), server::log);
      assertEquals(202, await(server.push(token())).statusCode());
      server.untilLogged("pushes are kept again");
    } finally {
      assertEquals(0, run("umount", "-l", disk.toString()));
    }
  }
}
