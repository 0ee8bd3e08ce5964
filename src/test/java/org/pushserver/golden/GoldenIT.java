// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.pushserver.fake.Await.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.FakePushServices;
import org.pushserver.fake.FakePushServices.Received;
import org.pushserver.fake.TestTls;

/**
 * Every request that was recorded from an existing installation, sent to the running server: the
 * caller gets the recorded answer, and the push service the recorded notifications. What ours does
 * otherwise is in {@link GoldenAnswer} and {@link GoldenDifference}, and nowhere else. The log at
 * debug level has no token of it, and nothing that people wrote or are called.
 */
class GoldenIT {
  @TempDir static Path dir;

  private static Vertx vertx;
  private static HttpClient client;
  private static FakePushServices services;
  private static GoldenServers servers;
  private static GoldenLog log;

  @BeforeAll
  static void start() throws Exception {
    TestTls tls = TestTls.create(dir);
    vertx = Vertx.vertx();
    client = vertx.createHttpClient();
    services = new FakePushServices(vertx, tls);
    await(services.start());
    servers = new GoldenServers(dir, tls, services);
    log = GoldenLog.in(dir);
  }

  @AfterAll
  static void stop() throws Exception {
    await(servers.stop().eventually(services::stop).eventually(vertx::close));
    log.check(GoldenCase.all());
  }

  @TestFactory
  Stream<DynamicTest> everyRecordedRequestComesToTheSameButForTheListedDifferences() {
    return GoldenCase.all().stream()
        .map(recorded -> dynamicTest(recorded.id(), () -> replay(recorded)));
  }

  private static void replay(GoldenCase recorded) throws Exception {
    GoldenExpected expected = new GoldenExpected(recorded);
    Set<GoldenAnswer> differences = GoldenAnswer.applyAll(recorded, expected);

    services.play(recorded.script());
    long from = System.currentTimeMillis();
    GoldenRequest.Answer answer =
        await(GoldenRequest.send(client, servers.port(recorded), recorded));
    if (answer.status() == 202) {
      await(services.untilReceived(expected.sent().size()));
    }
    long to = System.currentTimeMillis();

    assertEquals(expected.status(), answer.status(), () -> answer.body() + ", " + differences);
    assertEquals(
        normalised(expected.answer(), expected.answer()),
        normalised(answer.json(), expected.answer()),
        differences::toString);
    if (differences.equals(EnumSet.of(GoldenAnswer.OWN_WORDS))) {
      String description = answer.json().get("description").textValue();
      for (String field : recorded.fieldsAtFault()) {
        assertTrue(description.contains(field), description);
      }
    }
    List<Received> received = services.received();
    assertEquals(expected.sent().size(), received.size(), differences::toString);
    for (int i = 0; i < received.size(); i++) {
      expected.sent().get(i).compare(received.get(i), from, to);
    }
    assertTrue(
        received.stream().map(one -> one.headers().getOrDefault("apns-id", "")).distinct().count()
            <= 1,
        "a push keeps its apns-id");
  }

  /** Without what is a place of then or now, or ours to word. */
  private static JsonNode normalised(JsonNode answer, JsonNode expected) {
    JsonNode copy = answer.deepCopy();
    for (JsonNode parent : copy.findParents("url")) {
      String path = parent.get("url").asText().replaceFirst("^https?://[^/]+", "");
      ((ObjectNode) parent).put("url", path);
    }
    if (expected.path("description").asText().equals(GoldenExpected.OWN_WORDS)) {
      ((ObjectNode) copy).put("description", GoldenExpected.OWN_WORDS);
    }
    if (expected.at("/data/reason").asText().endsWith(GoldenExpected.OWN_WORDS)
        && copy.get("data") instanceof ObjectNode data) {
      String reason = data.path("reason").asText().split(" - ", 2)[0];
      data.put("reason", reason + " - " + GoldenExpected.OWN_WORDS);
    }
    return copy;
  }

  @Test
  void everyListedDifferenceOccurs() {
    Set<GoldenAnswer> unused = EnumSet.allOf(GoldenAnswer.class);
    for (GoldenCase recorded : GoldenCase.all()) {
      unused.removeAll(GoldenAnswer.applyAll(recorded, new GoldenExpected(recorded)));
    }
    assertEquals(Set.of(), unused);
  }

  /** Guards against a reader that finds nothing to replay. */
  @Test
  void allRecordedCasesAreRead() {
    assertEquals(298, GoldenCase.all().size());
  }
}
