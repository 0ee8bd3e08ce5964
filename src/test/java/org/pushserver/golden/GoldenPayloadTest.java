// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.golden;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.pushserver.queue.KeptPush;
import org.pushserver.spi.Payload;
import org.pushserver.wire.PushBytes;

/**
 * Every notification that was recorded from an existing installation, made again from the request
 * that caused it. What ours does otherwise is in {@link GoldenDifference} and nowhere else.
 */
class GoldenPayloadTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TestFactory
  Stream<DynamicTest> ourNotificationsAreTheRecordedOnesButForTheListedDifferences() {
    return recorded().stream()
        .map(sent -> dynamicTest(sent.id() + " #" + sent.index(), () -> compare(sent)));
  }

  @Test
  void everyListedDifferenceOccurs() {
    Set<GoldenDifference> unused = EnumSet.allOf(GoldenDifference.class);
    recorded().forEach(sent -> unused.removeAll(GoldenDifference.applyAll(sent)));
    assertTrue(unused.isEmpty(), unused::toString);
  }

  /** So that what was kept, or sent to another server, makes the same notification. */
  @Test
  void everyRecordedPushIsTheSameWhenItHasBeenBytes() throws Exception {
    for (GoldenNotification sent : recorded()) {
      KeptPush kept = new KeptPush(sent.push());
      assertEquals(kept, PushBytes.read(PushBytes.dated(kept), 0));
      assertEquals(kept, PushBytes.read(PushBytes.timed(kept, 5), 5));
    }
  }

  /** Guards against a reader that finds nothing to compare. */
  @Test
  void allRecordedNotificationsAreRead() {
    assertEquals(188, recorded().size());
  }

  private static void compare(GoldenNotification sent) throws IOException {
    Payload ours =
        sent.type()
            .payloadMaker(sent.platform())
            .orElseThrow()
            .make(sent.push(), sent.push().bornAt());
    Set<GoldenDifference> differences = GoldenDifference.applyAll(sent);
    assertEquals(sent.body(), JSON.readTree(ours.body().getBytes()), differences::toString);
    assertEquals(sent.headers(), JSON.valueToTree(ours.headers()), differences::toString);
  }

  private static List<GoldenNotification> recorded() {
    List<GoldenNotification> all = new ArrayList<>();
    try (InputStream in = GoldenPayloadTest.class.getResourceAsStream("/golden/cases.jsonl");
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        JsonNode recordedCase = JSON.readTree(line);
        int index = 0;
        for (JsonNode sent : recordedCase.get("sent")) {
          if (sent.get("body").isObject() && !hasEmptyToken(sent)) {
            all.add(GoldenNotification.read(recordedCase, sent, index++));
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all;
  }

  /** One was sent to no device; ours refuses the request, and has no such push. */
  private static boolean hasEmptyToken(JsonNode sent) {
    return sent.get("path").textValue().equals("/3/device/");
  }
}
