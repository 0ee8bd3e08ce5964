// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;
import static org.pushserver.fake.Await.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.FakePushServices;
import org.pushserver.fake.FakePushServices.Received;
import org.pushserver.fake.TestTls;

/**
 * Sends recorded requests, one after the other, to servers as an operator starts them: the caller
 * gets the recorded answer, and the push services the recorded notifications. What ours does
 * otherwise is in one list, of which each entry has to occur, and nowhere else. The log at debug
 * level has no token of it, and nothing that people wrote or are called.
 *
 * @param <D> one such difference
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class GoldenReplay<D extends Enum<D>> {
  @TempDir static Path dir;

  private Vertx vertx;
  private HttpClient client;
  private FakePushServices services;
  private GoldenServers servers;
  private GoldenLog log;

  @BeforeAll
  void start() throws Exception {
    TestTls tls = TestTls.create(dir);
    vertx = Vertx.vertx();
    client = vertx.createHttpClient();
    services = new FakePushServices(vertx, tls);
    await(services.start());
    servers = new GoldenServers(dir, tls, services);
    log = GoldenLog.in(dir);
  }

  @AfterAll
  void stop() throws Exception {
    await(servers.stop().eventually(services::stop).eventually(vertx::close));
    log.check(cases());
  }

  GoldenServers servers() {
    return servers;
  }

  /** In the order in which they were recorded. */
  abstract List<GoldenCase> cases();

  /** How many there are: guards against a reader that finds nothing to replay. */
  abstract int recorded();

  /** All that ours may do otherwise; as a set that the caller may change. */
  abstract Set<D> differences();

  /** Makes of what was recorded what is expected of ours, and tells what differs. */
  abstract Set<D> differences(GoldenCase recorded, GoldenExpected expected);

  /** What else has to be as recorded. */
  void alsoHolds(Set<D> differences, GoldenCase recorded, JsonNode answer, List<Received> received)
      throws Exception {}

  /** In the order in which they are compared. */
  List<Received> inOrder(List<Received> received) {
    return received;
  }

  /** The same of what is expected. */
  List<GoldenSent> sentInOrder(List<GoldenSent> sent) {
    return sent;
  }

  @TestFactory
  Stream<DynamicTest> everyRecordedRequestComesToTheSameButForTheListedDifferences() {
    return cases().stream().map(recorded -> dynamicTest(recorded.id(), () -> replay(recorded)));
  }

  private void replay(GoldenCase recorded) throws Exception {
    GoldenExpected expected = new GoldenExpected(recorded);
    Set<D> differences = differences(recorded, expected);

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
    List<Received> received = inOrder(services.received());
    List<GoldenSent> sent = sentInOrder(expected.sent());
    assertEquals(sent.size(), received.size(), differences::toString);
    for (int i = 0; i < received.size(); i++) {
      sent.get(i).compare(received.get(i), from, to);
    }
    alsoHolds(differences, recorded, answer.json(), received);
  }

  /** Without what is a place of then or now, or ours to word. */
  private static JsonNode normalised(JsonNode answer, JsonNode expected) {
    JsonNode copy = answer.deepCopy();
    for (JsonNode parent : copy.findParents("url")) {
      withoutHost((ObjectNode) parent);
    }
    for (JsonNode device : copy.path("data")) {
      if (device.path("body").has("url")) {
        withoutHost((ObjectNode) device.get("body"));
      }
    }
    if (expected.path("description").asText().equals(GoldenExpected.OWN_WORDS)) {
      ((ObjectNode) copy).put("description", GoldenExpected.OWN_WORDS);
    }
    ownWords(copy.path("data"), expected.path("data"));
    for (int i = 0; i < expected.path("data").size() && expected.path("data").isArray(); i++) {
      ownWords(copy.at("/data/" + i), expected.at("/data/" + i));
    }
    return copy;
  }

  private static void withoutHost(ObjectNode parent) {
    parent.put("url", parent.get("url").asText().replaceFirst("^https?://[^/]+", ""));
  }

  private static void ownWords(JsonNode answer, JsonNode expected) {
    String words = expected.path("reason").asText();
    if (words.endsWith(GoldenExpected.OWN_WORDS) && answer instanceof ObjectNode it) {
      boolean all = words.equals(GoldenExpected.OWN_WORDS);
      String reason = it.path("reason").asText().split(" - ", 2)[0];
      it.put("reason", all ? words : reason + " - " + GoldenExpected.OWN_WORDS);
    }
  }

  @Test
  void everyListedDifferenceOccurs() {
    Set<D> unused = differences();
    for (GoldenCase recorded : cases()) {
      unused.removeAll(differences(recorded, new GoldenExpected(recorded)));
    }
    assertEquals(Set.of(), unused);
  }

  @Test
  void allRecordedCasesAreRead() {
    assertEquals(recorded(), cases().size());
  }
}
