// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.api.SampleRequest;
import org.pushserver.api.ScriptedDispatcher;

/** Throws spoilt requests at the door: none gets in, none breaks it. The seed is fixed. */
@Timeout(60)
class IngressFuzzIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> NAMES = Set.of("code", "description", "data");

  private final Spoiler spoiler = new Spoiler(new Random(20_261_123));

  @RegisterExtension
  private final TestIngress door = TestIngress.open(ScriptedDispatcher.withSamples());

  private void assertGoodPushWorks() throws IOException {
    int before = door.dispatcher.pushes().size();
    try (RawClient client = new RawClient(door.port())) {
      assertEquals(
          200, client.exchange(RawClient.post("/push", SampleRequest.apple().bytes())).status());
    }
    assertEquals(before + 1, door.dispatcher.pushes().size());
  }

  private static void assertOurShape(RawClient.Answer answer, byte[] request) throws IOException {
    String told = answer + " to " + new String(request, StandardCharsets.ISO_8859_1);
    JsonNode json = JSON.readTree(answer.body());
    assertEquals(answer.status(), json.path("code").intValue(), told);
    assertEquals("application/json", answer.headers().get("content-type"), told);
    assertEquals(NAMES.size(), json.size(), told);
    NAMES.forEach(name -> assertTrue(json.has(name), told));
    String description = json.path("description").textValue();
    assertFalse(description.isEmpty(), told);
    assertTrue(description.length() < 300, told);
    assertTrue(description.chars().noneMatch(Character::isISOControl), told);
    assertFalse(answer.headers().containsKey("x-evil"), told);
    assertFalse(answer.body().contains("Exception"), told);
    assertFalse(answer.body().contains("at org."), told);
  }

  private static void assertRefused(RawClient.Answer answer, byte[] request) throws IOException {
    assertEquals(
        4,
        answer.status() / 100,
        () -> answer + " to " + new String(request, StandardCharsets.ISO_8859_1));
    assertOurShape(answer, request);
  }

  @Test
  void tenThousandSpoiltRequestsAreRefusedEach() throws IOException {
    try (RawClient client = new RawClient(door.port())) {
      for (int count = 0; count < 10_000; count++) {
        byte[] request = RawClient.post("/push", spoiler.body());
        assertRefused(client.exchange(request), request);
      }
    }
    assertEquals(0, door.dispatcher.pushes().size());
    assertGoodPushWorks();
  }

  @Test
  void brokenHttpIsRefusedEach() throws IOException {
    for (int count = 0; count < 1000; count++) {
      byte[] request = spoiler.brokenHttp();
      try (RawClient client = new RawClient(door.port())) {
        assertRefused(client.exchange(request), request);
      }
    }
    assertEquals(0, door.dispatcher.pushes().size());
    assertGoodPushWorks();
  }

  @Test
  void bytesChangedAtRandomNeverBreakTheServer() throws IOException {
    try (RawClient client = new RawClient(door.port())) {
      for (int count = 0; count < 5000; count++) {
        byte[] request = RawClient.post("/push", spoiler.flipped());
        RawClient.Answer answer = client.exchange(request);
        assertTrue(answer.status() < 500, answer::toString);
        if (answer.status() != 200) {
          assertRefused(answer, request);
        }
      }
    }
    assertGoodPushWorks();
  }

  @Test
  void aBodyThatBreaksOffDoesNoHarm() throws IOException {
    byte[] request = RawClient.post("/push", SampleRequest.apple().bytes());
    for (int length = 0; length < request.length; length++) {
      try (RawClient client = new RawClient(door.port())) {
        client.send(Arrays.copyOf(request, length));
      }
    }
    assertEquals(0, door.dispatcher.pushes().size());
    assertGoodPushWorks();
  }

  @Test
  void aBodyInBrokenPiecesIsRefused() throws IOException {
    byte[] request =
        "POST /push HTTP/1.1\r\nHost: door\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"
            .getBytes(StandardCharsets.ISO_8859_1);
    try (RawClient client = new RawClient(door.port())) {
      assertRefused(client.exchange(request), request);
    }
    assertGoodPushWorks();
  }
}
