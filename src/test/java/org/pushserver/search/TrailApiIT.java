// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.search.SearchDoor.DESK;
import static org.pushserver.search.SearchDoor.MINE;
import static org.pushserver.search.SearchDoor.OTHERS;
import static org.pushserver.search.SearchDoor.OWNER;
import static org.pushserver.search.SearchDoor.PBX;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.config.ApiKeys;
import org.pushserver.ingress.ApiContract;
import org.pushserver.trail.TokenHash;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailQuery;

/** What a program is told of the trail, at either door. */
@Timeout(120)
class TrailApiIT {
  private static final String CALL = "4711@pbx.example.com";
  private static final String ALICE = "sip:alice@example.com";

  @RegisterExtension private final SearchDoor door = new SearchDoor(SearchDoor.KEYS);

  private static JsonObject told(HttpResponse<String> answer, String operation) {
    String type = answer.headers().firstValue("content-type").orElse("");
    ApiContract.assertMayAnswer(operation, answer.statusCode(), type, answer.body());
    assertEquals(200, answer.statusCode(), answer::body);
    return new JsonObject(answer.body());
  }

  private static List<String> ids(JsonObject page) {
    return page.getJsonArray("pushes").stream()
        .map(push -> ((JsonObject) push).getString("id"))
        .toList();
  }

  @Test
  void aCallIsToldInTheOrderOfTimeWithTimelineAndCause() {
    TrailEntry second =
        SearchEntries.of(2, MINE, CALL, ALICE, TrailEnd.DEAD_TOKEN, 410, "Unregistered");
    TrailEntry first = SearchEntries.of(1, MINE, CALL, ALICE);
    door.trail.put(second);
    door.trail.put(first);
    door.trail.put(SearchEntries.of(3, MINE, "another", ALICE));
    JsonObject call = told(door.get(OWNER, "/v3/calls/" + SearchDoor.encoded(CALL)), "call");
    assertEquals(CALL, call.getString("call-id"));
    assertEquals(List.of(first.id().toString(), second.id().toString()), ids(call));
    JsonObject dead = call.getJsonArray("pushes").getJsonObject(1);
    assertEquals("dead-token", dead.getString("outcome"));
    assertEquals("2026-03-01T12:00:02.000Z", dead.getString("at"));
    assertFalse(dead.getJsonObject("cause").getString("sentence").isEmpty());
    JsonArray steps = dead.getJsonArray("steps");
    assertEquals("attempt", steps.getJsonObject(1).getString("what"));
    assertEquals(58, steps.getJsonObject(1).getInteger("took-ms"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a/b@pbx",
        "a%2Fb",
        "a b",
        "a+b",
        "Zoë",
        "../x",
        "x;y=z",
        "?q=1&r#s",
        "100%",
        "\"<>"
      })
  void aCallIsFoundWhateverStandsInItsCallId(String callId) {
    door.trail.put(SearchEntries.of(1, MINE, callId, ALICE));
    JsonObject call = told(door.get(OWNER, "/v3/calls/" + SearchDoor.encoded(callId)), "call");
    assertEquals(callId, call.getString("call-id"));
    assertEquals(1, ids(call).size());
    JsonObject page =
        told(door.get(OWNER, "/v3/pushes?call-id=" + SearchDoor.encoded(callId)), "pushes");
    assertEquals(1, ids(page).size());
  }

  @Test
  void aCallOfOthersIsAnsweredAsOneThatNeverWas() {
    door.trail.put(SearchEntries.of(1, OTHERS, "c1", ALICE));
    door.trail.put(SearchEntries.of(2, null, "c2", ALICE));
    String never = door.get(OWNER, "/v3/calls/c0").body();
    assertEquals(404, door.get(OWNER, "/v3/calls/c1").statusCode());
    assertEquals(never, door.get(OWNER, "/v3/calls/c1").body().replace("'c1'", "'c0'"));
    assertEquals(never, door.get(OWNER, "/v3/calls/c2").body().replace("'c2'", "'c0'"));
    assertEquals(200, door.get(DESK, "/v3/calls/c1").statusCode());
    assertEquals(200, door.get(DESK, "/v3/calls/c2").statusCode());
  }

  @Test
  void everyParameterIsSearchedFor() {
    String query =
        "/v3/pushes?id=8A3F0C1E-52a1-4d0b-9c57-3b1f6f2f7c11&call-id=c1&account=%3Csip:Bob@Example.com%3E&device-id=urn:uuid:phone-1"
            + "&token=token-1&app-id=com.example.phone&platform=Apple&outcome=refused,dead-token"
            + "&reason=Bad&from=2026-03-01T12:00:00Z&to=1772366500000&limit=7";
    assertEquals(List.of(), ids(told(door.get(DESK, query), "pushes")));
    TrailQuery asked = door.trail.asked().get(0);
    assertEquals(
        new TrailQuery(
            asked.scope(),
            UUID.fromString("8a3f0c1e-52a1-4d0b-9c57-3b1f6f2f7c11"),
            "c1",
            "bob@example.com",
            "phone-1",
            TokenHash.of("token-1"),
            "com.example.phone",
            "apple",
            Set.of(TrailEnd.REFUSED, TrailEnd.DEAD_TOKEN),
            "Bad",
            1_772_366_400_000L,
            1_772_366_500_000L,
            "",
            7),
        asked);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "limit=0 | limit: it must be a number from 1 to 1000",
        "limit=1001 | limit: it must be a number",
        "limit=x | limit: it must be a number",
        "from=yesterday | from: it must be a time",
        "to=2026-03-01 | to: it must be a time",
        "outcome=lost | outcome: 'lost' is none",
        "format=xml | format: it must be json, jsonl or csv",
        "token-hash=12 | token-hash: it must have 16 hex digits",
        "cursor=x | cursor: it must be the 'next' of an answer",
        "reason=a&reason=b | reason: it stands there twice",
        "callid=c1 | 'callid' is no parameter; there are id, call-id, account,",
      })
  void aWrongParameterIsRefusedByItsName(String query, String words) {
    HttpResponse<String> answer = door.get(DESK, "/v3/pushes?" + query);
    ApiContract.assertMayAnswer("pushes", answer.statusCode(), "application/json", answer.body());
    assertEquals(400, answer.statusCode());
    assertTrue(answer.body().contains(words.replace("\"", "\\\"")), answer::body);
  }

  @Test
  void allPagesTogetherHaveEachPushOnce() {
    for (int i = 0; i < 10_000; i++) {
      door.trail.put(SearchEntries.of(i, i % 2 == 0 ? MINE : OTHERS, "c" + i, ALICE));
    }
    Set<String> found = new TreeSet<>();
    String cursor = "";
    int pages = 0;
    do {
      JsonObject page = told(door.get(OWNER, "/v3/pushes?limit=1000&cursor=" + cursor), "pushes");
      found.addAll(ids(page));
      cursor = page.getString("next");
      pages++;
    } while (!cursor.isEmpty());
    assertEquals(5, pages);
    assertEquals(5000, found.size());
  }

  @Test
  void linesComeOneForEachPushAndWhatElseIsToBeSaidStandsInTheHead() {
    for (int i = 0; i < 5; i++) {
      door.trail.put(SearchEntries.of(i, MINE, "c" + i, "\"A\nB\" <sip:a@example.com>"));
    }
    door.trail.remark("a file is damaged");
    HttpResponse<String> answer =
        door.get(
            OWNER, "/v3/pushes?limit=2&app-id=com.example.phone", "Accept", "application/x-ndjson");
    assertEquals(
        "application/jsonl; charset=utf-8", answer.headers().firstValue("content-type").get());
    List<String> lines = answer.body().lines().toList();
    assertEquals(2, lines.size());
    assertEquals("c4", new JsonObject(lines.get(0)).getString("call-id"));
    assertEquals("a file is damaged", answer.headers().firstValue("x-note").get());
    String next = answer.headers().firstValue("x-next-cursor").get();
    String link = answer.headers().firstValue("link").get();
    assertEquals(
        "</v3/pushes?limit=2&app-id=com.example.phone&cursor=" + next + ">; rel=\"next\"", link);
    HttpResponse<String> rest =
        door.get(OWNER, link.substring(1, link.indexOf('>')) + "&format=jsonl");
    assertEquals("c2", new JsonObject(rest.body().lines().toList().get(0)).getString("call-id"));
  }

  @Test
  void aTableIsSafeForASpreadsheet() {
    door.trail.put(SearchEntries.of(1, MINE, "=HYPERLINK(\"http://x\")", "+49 30, \"Zoë\""));
    HttpResponse<String> answer = door.get(OWNER, "/v3/pushes?format=csv");
    assertEquals(
        "text/csv; charset=utf-8; header=present",
        answer.headers().firstValue("content-type").get());
    String[] lines = answer.body().split("\r\n", -1);
    assertEquals(3, lines.length);
    assertTrue(lines[0].startsWith("at,ended-at,outcome,code,reason,"), lines[0]);
    assertTrue(
        lines[1].contains(",\"'=HYPERLINK(\"\"http://x\"\")\",\"'+49 30, \"\"Zoë\"\"\","),
        lines[1]);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v3/calls/c1", "/v3/pushes", "/v3/events"})
  void whoMayNotSearchIsRefused(String path) {
    assertEquals(401, door.get(null, path).statusCode());
    assertEquals(401, door.get("ps_unknown", path).statusCode());
    HttpResponse<String> push = door.get(PBX, path);
    assertEquals(403, push.statusCode());
    assertTrue(push.body().contains("API key 'pbx' has no right 'search'"), push::body);
    assertEquals(401, door.ask(null, path).statusCode(), "the operator's door is no way around");
    assertEquals(401, door.ask("ps_unknown", path).statusCode());
    assertEquals(403, door.ask(PBX, path).statusCode());
  }

  @Test
  void atTheOperatorsDoorAKeySeesAsMuchAsElsewhere() {
    door.trail.put(SearchEntries.of(1, OTHERS, "c1", ALICE));
    assertEquals(404, door.ask(OWNER, "/v3/calls/c1").statusCode());
    assertEquals(200, door.ask(DESK, "/v3/calls/c1").statusCode());
  }

  @Test
  void withoutKeysTheTrailIsTheOperatorsAlone() {
    try (SearchDoor open = new SearchDoor(ApiKeys.OPEN)) {
      open.trail.put(SearchEntries.of(1, OTHERS, "c1", ALICE));
      for (String path : List.of("/v3/calls/c1", "/v3/pushes", "/v3/events")) {
        HttpResponse<String> answer = open.get(null, path);
        assertEquals(403, answer.statusCode());
        assertTrue(answer.body().contains("set api_keys in general.ini"), answer::body);
      }
      assertEquals(1, ids(told(open.ask(null, "/v3/calls/c1"), "call")).size());
      assertEquals(1, ids(told(open.ask(null, "/v3/pushes"), "pushes")).size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/v3/calls/c1", "/v3/pushes", "/v3/events"})
  void aTrailThatIsOffSaysHowToSwitchItOn(String path) {
    try (SearchDoor off = new SearchDoor(SearchDoor.KEYS, false)) {
      HttpResponse<String> answer = off.get(DESK, path);
      assertEquals(404, answer.statusCode());
      assertTrue(answer.body().contains("The trail is off: set trail = yes"), answer::body);
    }
  }
}
