// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import java.nio.file.Path;
import java.util.Comparator;
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
 * Every recorded request of stored tokens, one after the other, to a server that begins with none:
 * the caller gets the recorded answer, and the push services the recorded notifications. What ours
 * does otherwise is in {@link GoldenTokenAnswer} and {@link GoldenDifference}, and nowhere else.
 * The log at debug level has no token of it, and nothing that people wrote or are called.
 */
class GoldenTokensIT {
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
    log.check(GoldenCase.tokens());
  }

  @TestFactory
  Stream<DynamicTest> everyRecordedRequestComesToTheSameButForTheListedDifferences() {
    return GoldenCase.tokens().stream()
        .map(recorded -> dynamicTest(recorded.id(), () -> replay(recorded)));
  }

  private static void replay(GoldenCase recorded) throws Exception {
    GoldenExpected expected = new GoldenExpected(recorded);
    Set<GoldenTokenAnswer> differences = GoldenTokenAnswer.applyAll(recorded, expected);

    services.play(recorded.script());
    long from = System.currentTimeMillis();
    GoldenRequest.Answer answer =
        await(GoldenRequest.send(client, servers.port(recorded), recorded));
    long to = System.currentTimeMillis();

    assertEquals(expected.status(), answer.status(), () -> answer.body() + ", " + differences);
    assertEquals(
        normalised(expected.answer(), expected.answer()),
        normalised(answer.json(), expected.answer()),
        differences::toString);
    List<Received> received =
        services.received().stream()
            .sorted(Comparator.comparing(one -> one.path() + token(one.body().toString())))
            .toList();
    List<GoldenSent> sent =
        expected.sent().stream()
            .sorted(
                Comparator.comparing(
                    one ->
                        one.sent().get("path").textValue()
                            + token(one.sent().get("body").toString())))
            .toList();
    assertEquals(sent.size(), received.size(), differences::toString);
    for (int i = 0; i < received.size(); i++) {
      sent.get(i).compare(received.get(i), from, to);
    }
    untilGone(answer.json());
  }

  /** Apple's stands in the path. */
  private static String token(String notification) {
    return GoldenCase.parse(notification).at("/message/token").asText();
  }

  /** Dead devices are removed after the answer, and the next case begins without them. */
  private static void untilGone(JsonNode answer) throws Exception {
    for (JsonNode device : answer.path("data")) {
      if (device.path("code").asInt() == 410) {
        String token = device.path("token").textValue();
        until(
            () -> servers.tokens().stored().stream().noneMatch(one -> one.has(token)),
            () -> "a dead device is stored yet: " + servers.tokens().stored());
      }
    }
  }

  /** Without what is a place of then or now, or ours to word. */
  private static JsonNode normalised(JsonNode answer, JsonNode expected) {
    JsonNode copy = answer.deepCopy();
    for (JsonNode parent : copy.findParents("url")) {
      String path = parent.get("url").asText().replaceFirst("^https?://[^/]+", "");
      ((ObjectNode) parent).put("url", path);
    }
    for (JsonNode parent : copy.path("data")) {
      if (parent.path("body").has("url")) {
        ObjectNode body = (ObjectNode) parent.get("body");
        body.put("url", body.get("url").asText().replaceFirst("^https?://[^/]+", ""));
      }
    }
    if (expected.path("description").asText().equals(GoldenExpected.OWN_WORDS)) {
      ((ObjectNode) copy).put("description", GoldenExpected.OWN_WORDS);
    }
    for (int i = 0; i < expected.path("data").size(); i++) {
      String words = expected.at("/data/" + i + "/reason").asText();
      if (words.endsWith(GoldenExpected.OWN_WORDS)
          && copy.at("/data/" + i) instanceof ObjectNode it) {
        String reason = it.path("reason").asText().split(" - ", 2)[0];
        boolean all = words.equals(GoldenExpected.OWN_WORDS);
        it.put("reason", all ? words : reason + " - " + GoldenExpected.OWN_WORDS);
      }
    }
    return copy;
  }

  @Test
  void everyListedDifferenceOccurs() {
    Set<GoldenTokenAnswer> unused = EnumSet.allOf(GoldenTokenAnswer.class);
    for (GoldenCase recorded : GoldenCase.tokens()) {
      unused.removeAll(GoldenTokenAnswer.applyAll(recorded, new GoldenExpected(recorded)));
    }
    assertEquals(Set.of(), unused);
  }

  /** Guards against a reader that finds nothing to replay. */
  @Test
  void allRecordedCasesAreRead() {
    assertEquals(62, GoldenCase.tokens().size());
  }
}
