// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.pushserver.cause.Causes;
import org.pushserver.observe.RequestMeters.Refused;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;

/** Whatever is refused at the door has a sentence of its own. */
class DoorCausesTest {
  private static final List<Map.Entry<String, RequestRefused>> REFUSALS =
      List.of(
          Map.entry(
              "door-address", new RequestRefused(403, Refused.ADDRESS, "not in allowed_hosts")),
          Map.entry(
              "door-no-key",
              RequestRefused.unauthorized(
                  "An API key is needed, as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'")),
          Map.entry("door-key-unknown", RequestRefused.unauthorized("The API key is not known")),
          Map.entry(
              "door-key-scope",
              new RequestRefused(
                  403,
                  "API key 'a' may not use application 'com.right.console' on platform 'apple'")),
          Map.entry(
              "door-key-right",
              new RequestRefused(
                  403,
                  "API key 'a' has no right 'push'; its line in the file of keys says what it may"
                      + " do")),
          Map.entry(
              "door-key-domain",
              new RequestRefused(
                  403,
                  "API key 'a' is limited to accounts of some domains, and is good for nothing but"
                      + " their stored tokens")),
          Map.entry(
              "door-key-domain",
              new RequestRefused(
                  403,
                  "API key 'a' is limited to accounts of other domains than that of 'b@c.example'")),
          Map.entry("door-rate", RequestRefused.tooMany(10, 1)),
          Map.entry(
              "door-application",
              RequestRefused.notFound("Application 'a' is not configured for platform 'apple'")),
          Map.entry("door-platform", RequestRefused.notFound("Platform 'x' is not configured")),
          Map.entry(
              "door-disabled",
              RequestRefused.unavailable(
                  "Application 'a' cannot be used on platform 'apple': something is wrong with"
                      + " applications.ini: there is no such file",
                  15)),
          Map.entry("door-store", RequestRefused.storeUnusable("the disk is full; make room", 5)),
          Map.entry("door-device", TokenApi.missing("User not found")),
          Map.entry("door-device", TokenApi.missing("Push request was not sent: device not found")),
          Map.entry("door-path", RequestRefused.unknownPath("There is nothing at /psh")),
          Map.entry("door-path", new RequestRefused(405, "Only POST is allowed here")),
          Map.entry("door-malformed", RequestRefused.badRequest("Field 'event' is given twice")),
          Map.entry("door-malformed", new RequestRefused(415, "Not this media type")),
          Map.entry("door-too-long", RequestRefused.bodyTooLong(65_536)),
          Map.entry("door-slow", RequestRefused.ofUnfinished(408, "It did not arrive in time")),
          Map.entry(
              "door-crowded", RequestRefused.ofUnfinished(503, "Too many requests are open", 1)),
          Map.entry("door-stopping", RequestRefused.unavailable("The server is shutting down", 1)),
          Map.entry("door", new RequestRefused(500, "nobody knows")));

  private static TrailEntry entry(RequestRefused refusal) {
    return new TrailEntry(
        UUID.randomUUID(),
        1,
        1,
        TrailEnd.NOT_LET_IN,
        null,
        "",
        "",
        "",
        "",
        "",
        "",
        0,
        "192.0.2.7",
        refusal.status(),
        refusal.description(),
        0,
        List.of(),
        "");
  }

  @Test
  void everyRefusalHasARow() {
    for (Map.Entry<String, RequestRefused> refusal : REFUSALS) {
      assertEquals(
          refusal.getKey(),
          Causes.explain(entry(refusal.getValue()), List.of()).id(),
          refusal.getValue().description());
    }
  }

  @Test
  void noKindOfRefusalIsWithoutOne() {
    Set<Refused> missing = EnumSet.allOf(Refused.class);
    REFUSALS.forEach(refusal -> missing.remove(refusal.getValue().why()));
    assertEquals(Set.of(), missing);
  }

  @Test
  void nothingIsSaidOfAnApplicationThatWasNotNamed() {
    for (Map.Entry<String, RequestRefused> refusal : REFUSALS) {
      assertFalse(Causes.explain(entry(refusal.getValue()), List.of()).sentence().contains("null"));
    }
  }
}
