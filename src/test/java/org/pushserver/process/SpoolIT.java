// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Await;
import org.pushserver.fake.SmallDisk;
import org.pushserver.sandbox.Fault;
import org.pushserver.sandbox.Service;

/** A server with a spool, which is killed, stopped or replaced: what is lost, what comes twice. */
@Timeout(3_000)
class SpoolIT {
  private static final int END_S = 60;

  @TempDir private Path directory;
  @RegisterExtension private final Program program = new Program(() -> directory);

  private SpoolBooks books;

  @BeforeEach
  void configure() throws Exception {
    Path general = program.config.resolve("general.ini");
    Files.writeString(
        general,
        Files.readString(general)
            .replace("[server]", "[server]\nspool = yes\nspool_after = 0.2\nreturn_async = no\n"));
    books = new SpoolBooks(program.sandbox.journal());
  }

  @Test
  @EnabledIfSystemProperty(named = "pushserver.kills", matches = "[0-9]+")
  void whatIsNotDoneWhenTheServerEndsStaysForTheNextStart() throws Exception {
    Path general = program.config.resolve("general.ini");
    Files.writeString(
        general, Files.readString(general).replace("[server]", "[server]\ndrain_timeout = 1\n"));
    program.sandbox.faults().add(Fault.answer(503).retryAfter(20).at(Service.APNS).times(1));
    ServerProcess before = program.start();
    String token = books.token();
    HttpResponse<String> answer = await(before.push(token));
    assertEquals(202, answer.statusCode(), answer::body);
    before.untilLogged("attempt .*status=\"?503");
    before.signal("TERM");
    assertEquals(0, before.exitCode(END_S));
    before.untilLogged("1 pushes stay in the spool");
    books.hear();
    assertEquals(Map.of(), books.taken());
    ServerProcess after = program.start();
    after.untilLogged("1 pushes were left in the spool");
    Await.until(
        () -> {
          books.hear();
          return books.taken().containsKey(token);
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
    String token = books.token();
    assertEquals(202, await(before.push(token)).statusCode());
    before.untilLogged("attempt .*status=\"?503");
    ServerProcess after = program.startInPlaceOf(before);
    String another = books.token();
    assertEquals(202, await(after.push(another)).statusCode());
    after.untilLogged("1 pushes were left by another server");
    Await.until(
        () -> {
          books.hear();
          return books.taken().keySet().containsAll(Set.of(token, another));
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
    assertEquals(202, await(first.push(books.token())).statusCode());
  }

  private static String state(ServerProcess server) throws Exception {
    return new JsonObject(server.get("/health/ready")).getJsonObject("spool").getString("state");
  }

  @Test
  void onAFullDiskWhoDoesNotWaitIsRefusedAndWhoWaitsIsServedAndAllIsWellWhenThereIsRoom()
      throws Exception {
    Path folder = program.config.resolveSibling("state").resolve("spool");
    try (SmallDisk disk = SmallDisk.at(folder, "1m")) {
      ServerProcess server = program.start();
      assertEquals("kept", state(server));
      Path filler = disk.fill();
      program.sandbox.faults().add(Fault.answer(503).retryAfter(1).at(Service.APNS).times(2));
      assertEquals(503, await(server.push(books.token())).statusCode());
      assertEquals("not_kept", state(server));
      assertTrue(server.get("/metrics").contains("pushserver_spool_failures_total"));
      assertEquals(503, await(server.push(books.token())).statusCode());
      String waiting = books.token();
      HttpResponse<String> answer =
          await(
              server.post(
                  ServerProcess.ring(waiting).put("wait", 30).encode(),
                  "content-type",
                  "application/json"));
      assertEquals(200, answer.statusCode(), answer::body);
      books.hear();
      assertEquals(Map.of(waiting, 1), books.taken());
      server.untilLogged("is full; make room");
      Files.delete(filler);
      Await.until(() -> state(server).equals("kept"), server::log);
      assertEquals(202, await(server.push(books.token())).statusCode());
      server.untilLogged("pushes are kept again");
    }
  }
}
