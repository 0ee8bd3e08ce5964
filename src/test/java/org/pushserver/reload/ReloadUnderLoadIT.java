// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.reload.ReloadFixture.LINPHONE;
import static org.pushserver.reload.ReloadFixture.PHONE;
import static org.pushserver.reload.ReloadFixture.token;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.sandbox.Notification;

/** Many changes in a row while many calls come in. */
@Timeout(120)
class ReloadUnderLoadIT {
  private static final int CHANGES = 100;

  /** 2000 in a second. */
  private static final int EVERY_MS = 5;

  private static final int AT_A_TIME = 10;

  /** A machine that is too slow for 2000 in a second sends fewer, and does not fall behind. */
  private static final int MOST_OPEN = 100;

  private static final String RING =
      "{\"app-id\":\"%s\",\"platform\":\"apple\",\"token\":\"%s\",\"call-id\":\"%s\","
          + "\"event\":\"incoming_session\",\"media-type\":\"audio\","
          + "\"from\":\"sip:alice@example.com\",\"to\":\"sip:bob@example.com\"}";

  @TempDir private Path directory;

  @RegisterExtension private final ReloadFixture fixture = new ReloadFixture(() -> directory);

  /** Callers who ring one phone after the other, each once. On one event loop. */
  private final class Callers {
    private final Context loop = fixture.vertx.getOrCreateContext();
    private final HttpClient http =
        fixture.vertx.createHttpClient(
            new HttpClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(fixture.port()),
            new PoolOptions().setHttp1MaxSize(64));

    private final Map<Integer, Integer> answers = new HashMap<>();
    private final Promise<Void> allAnswered = Promise.promise();
    private long timer;
    private int rung;
    private int open;
    private boolean done;

    void start() {
      loop.runOnContext(turn -> timer = fixture.vertx.setPeriodic(EVERY_MS, again -> ring()));
    }

    private void ring() {
      for (int i = 0; i < AT_A_TIME && open < MOST_OPEN; i++) {
        String token = token(rung);
        // Every fourth is for an application that does not change.
        String ring = RING.formatted(rung % 4 == 0 ? LINPHONE : PHONE, token, token);
        rung++;
        open++;
        http.request(HttpMethod.POST, "/push")
            .compose(request -> request.send(ring))
            .compose(response -> response.end().map(response.statusCode()))
            .otherwise(0)
            .onSuccess(this::answered);
      }
    }

    private void answered(int status) {
      answers.merge(status, 1, Integer::sum);
      open--;
      endIfDone();
    }

    private void endIfDone() {
      if (done && open == 0) {
        allAnswered.tryComplete();
      }
    }

    /** Completes when the last one has been answered. */
    Future<Void> stop() {
      loop.runOnContext(
          turn -> {
            fixture.vertx.cancelTimer(timer);
            done = true;
            endIfDone();
          });
      return allAnswered.future();
    }
  }

  /** What the sandbox has seen, before its journal forgets it. */
  private final Set<String> seen = new HashSet<>();

  private final Set<String> unchangedConnections = new HashSet<>();
  private long lastSeen;
  private int seenTwice;

  private void look() {
    for (Notification one : fixture.sandbox.journal().list(lastSeen)) {
      assertEquals(lastSeen + 1, one.seq(), "the journal has forgotten some");
      assertEquals(200, one.status(), one::toString);
      lastSeen = one.seq();
      if (!seen.add(one.path())) {
        seenTwice++;
      }
      if (one.headers().get("apns-topic").startsWith(LINPHONE)) {
        unchangedConnections.add(one.connection());
      }
    }
  }

  /** A deadline, and a certificate instead of a key: both ways to become another application. */
  private static String changed(String text, int round) {
    String head = "[sylk-apple]\n";
    int start = text.indexOf(head) + head.length();
    int end = text.indexOf("\n[", start);
    String section = text.substring(start, end);
    if (round % 2 == 1) {
      section = section.replaceFirst("apple_key = .*", "apple_certificate = apns-client.pem");
    }
    return text.substring(0, start)
        + "call_deadline = "
        + (60 + round)
        + "\n"
        + section
        + text.substring(end);
  }

  @Test
  void aHundredReloadsInARowLoseAndDuplicateNothing() throws Exception {
    String before = Files.readString(fixture.config.resolve("applications.ini"));
    fixture.start();
    Callers callers = new Callers();
    callers.start();
    for (int round = 0; round < CHANGES; round++) {
      fixture.write("applications.ini", changed(before, round));
      assertTrue(await(fixture.server().reload()));
      look();
    }
    await(callers.stop());
    look();
    assertEquals(Map.of(200, callers.rung), callers.answers);
    assertEquals(callers.rung, seen.size());
    assertEquals(0, seenTwice);
    assertEquals(1, unchangedConnections.size(), unchangedConnections::toString);
    assertEquals(CHANGES, fixture.logged("applications: new [], changed [sylk-apple], removed []"));
    assertTrue(callers.rung > 10 * CHANGES, () -> "only " + callers.rung + " were sent");
  }
}
