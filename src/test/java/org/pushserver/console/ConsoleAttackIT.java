// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.StoredToken;
import org.pushserver.trail.TrailEntry;

/** The console under the hands of who means it no good: strangers, and readers who want more. */
@Timeout(60)
class ConsoleAttackIT {
  /** What is somebody else's, and never asked for. */
  private static final String SECRET = "top-secret";

  private static final String CALL = "call-of-another";
  private static final String DEVICE = "device-of-another";

  private static ConsoleDoor door;

  /** What shows nothing of the trail, and is there for strangers. */
  private static final Set<String> PLAIN =
      Set.of("/console/login", "/console/logout", "/console/console.css", "/console/console.js");

  private static final String EVENTS = "/console/events";

  /** Every page, asked for what is somebody else's in every field. */
  private static List<String> pages;

  @BeforeAll
  static void open() {
    door = new ConsoleDoor();
    long at = door.time.now() - 1000;
    TrailEntry one = TrailSamples.dead(ConsoleDoor.OTHER, CALL, DEVICE, at);
    TrailEntry entry =
        TrailSamples.entry(
            ConsoleDoor.OTHER,
            CALL,
            DEVICE,
            "sip:" + SECRET + "@example.org",
            at,
            one.end(),
            one.code(),
            SECRET,
            one.steps());
    door.trail.put(entry);
    door.trail.put(TrailSamples.refused(ConsoleDoor.OTHER, "192.0.2.9", SECRET, at));
    door.trail.put(TrailSamples.refused(null, "192.0.2.9", SECRET, at));
    String app = ConsoleDoor.OTHER.appId();
    String push = "/console/push?id=" + entry.id() + "&at=" + entry.at();
    pages = new ArrayList<>(List.of(push, push + "&call-id=" + CALL));
    pages.add("/console/call?call-id=" + CALL);
    pages.add("/console/applications");
    pages.add("/console/refusals");
    String account = "bob@example.com";
    await(door.tokens.add(device(account, ConsoleDoor.OTHER, SECRET)));
    await(door.tokens.add(device(account, ConsoleDoor.PHONE, "his-own")));
    pages.add("/console/account?account=bob%40example.com");
    pages.add("/console/account?account=sip%3Abob%40example.com");
    for (String list : List.of("/console", "/console/live")) {
      pages.add(list);
      for (String query :
          List.of(
              "q=" + CALL,
              "q=" + DEVICE,
              "q=bob%40example.com",
              "call-id=" + CALL,
              "device-id=" + DEVICE,
              "account=bob%40example.com",
              "token=" + Long.toHexString(entry.tokenHash()),
              "application=" + app,
              "application=" + app + "%2Ffirebase",
              "outcome=dead-token",
              "outcome=not-let-in",
              "reason=top-s")) {
        pages.add(list + "?" + query);
      }
    }
  }

  private static StoredToken device(String account, AppKey app, String name) {
    String token = name + "-token-1234567890";
    return new StoredToken(account, app, "phone-of-" + name, token, null, true, name, 1, 1);
  }

  @AfterAll
  static void close() {
    door.close();
  }

  private static ConsoleBrowser reader(String key) throws Exception {
    // An address may try once a second.
    door.time.advance(Duration.ofSeconds(1));
    return ConsoleBrowser.of(door, key);
  }

  @Test
  void everyPathThatShowsTheTrailIsTried() {
    Set<String> tried = new TreeSet<>(PLAIN);
    tried.add(EVENTS);
    pages.forEach(page -> tried.add(URI.create(page).getPath()));
    assertEquals(new TreeSet<>(door.paths().toList()), tried);
  }

  @Test
  void aStrangerSeesNothing() throws Exception {
    ConsoleBrowser stranger = new ConsoleBrowser(door.port());
    for (String page : pages) {
      HttpResponse<String> answer = stranger.get(page);
      assertEquals(303, answer.statusCode(), page);
      assertEquals("", answer.body(), page);
      String location = answer.headers().firstValue("Location").orElse("");
      assertTrue(location.startsWith("/console/login?to="), page);
    }
    for (String query : List.of("", "?q=" + CALL, "?application=" + ConsoleDoor.OTHER.appId())) {
      HttpResponse<String> answer = stranger.get(EVENTS + query);
      assertEquals(401, answer.statusCode(), query);
      assertFalse(answer.body().contains(SECRET), answer::body);
    }
    assertEquals(0, door.trail.followers());
  }

  @Test
  void theOwnerOfOneApplicationSeesNothingOfAnother() throws Exception {
    ConsoleBrowser operator = reader(ConsoleDoor.OPERATOR);
    ConsoleBrowser owner = reader(ConsoleDoor.OWNER);
    int seen = 0;
    for (String page : pages) {
      seen += operator.get(page).body().contains(SECRET) ? 1 : 0;
      HttpResponse<String> answer = owner.get(page);
      assertTrue(List.of(200, 404).contains(answer.statusCode()), page);
      assertFalse(answer.body().contains(SECRET), page);
      // A page may say again what was asked for, and no more.
      for (String word : List.of(CALL, DEVICE, ConsoleDoor.OTHER.appId())) {
        assertTrue(page.contains(word) || !answer.body().contains(word), page + " says " + word);
      }
    }
    assertTrue(seen > 20, "the operator sees it on " + seen + " of " + pages.size());
  }

  @Test
  void theOwnerOfOneApplicationIsToldNothingOfAnother() throws Exception {
    String call = "call-of-both";
    long at = door.time.now();
    ConsoleBrowser owner = reader(ConsoleDoor.OWNER);
    for (String query :
        List.of("", "?q=" + call, "?call-id=" + call, "?account=bob%40example.com")) {
      HttpResponse<InputStream> answer = owner.stream(EVENTS + query);
      assertEquals(200, answer.statusCode(), query);
      try (BufferedReader lines =
          new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
        until(() -> door.trail.followers() == 1, () -> "nobody follows");
        door.trail.put(TrailSamples.delivered(ConsoleDoor.OTHER, call, SECRET, at));
        door.trail.put(TrailSamples.refused(null, "192.0.2.9", SECRET, at));
        door.trail.put(TrailSamples.delivered(ConsoleDoor.PHONE, call, "phone-of-mine", at));
        String line = "";
        while (!line.contains("phone-of-mine")) {
          line = lines.readLine();
          assertFalse(line.contains(SECRET), line);
        }
      }
      until(() -> door.trail.followers() == 0, () -> "the trail still has a reader");
    }
  }

  @Test
  void everyAnswerTellsTheBrowserToKeepNothingAndToRunNothing() throws Exception {
    ConsoleBrowser owner = reader(ConsoleDoor.OWNER);
    List<HttpResponse<String>> answers = new ArrayList<>();
    for (String page : pages) {
      answers.add(owner.get(page));
      answers.add(new ConsoleBrowser(door.port()).get(page));
    }
    answers.add(owner.get("/console?from=yesterday"));
    answers.add(owner.get(EVENTS + "?from=yesterday"));
    answers.add(new ConsoleBrowser(door.port()).get(EVENTS));
    answers.add(new ConsoleBrowser(door.port()).logIn("wrong"));
    answers.add(owner.post("/console/logout", "", "Origin", "https://evil.example"));
    answers.add(owner.post("/console/logout", ""));
    for (HttpResponse<String> answer : answers) {
      String about = answer.statusCode() + " " + answer.uri() + " " + answer.headers().map();
      assertEquals(List.of("no-store"), answer.headers().allValues("cache-control"), about);
      assertEquals(List.of("nosniff"), answer.headers().allValues("x-content-type-options"), about);
      assertEquals(List.of("DENY"), answer.headers().allValues("x-frame-options"), about);
      String policy = String.join(" ", answer.headers().allValues("content-security-policy"));
      assertTrue(policy.contains("default-src 'none'"), about);
      assertTrue(policy.contains("frame-ancestors 'none'"), about);
      assertFalse(policy.contains("unsafe"), about);
    }
  }

  @Test
  void aQuestionThatIsNoneIsNoFaultOfTheServer() throws Exception {
    ConsoleBrowser owner = reader(ConsoleDoor.OWNER);
    List<String> wrong = new ArrayList<>();
    for (String query :
        List.of(
            "from=%2B999999999-12-31T23:59:59Z",
            "from=-999999999-01-01T00:00:00Z",
            "to=2026-13-99",
            "from=2026-11-30&to=2026-11-29",
            "outcome=%00",
            "outcome=,,",
            "application=/",
            "application=//",
            "token=" + "f".repeat(3000),
            "q=%27%20OR%201=1--",
            "q=%ff%fe",
            "q=%",
            "account=%25&device-id=_",
            "reason=%25%5C",
            "call-id=%00",
            "cursor=x",
            "cursor=%00%ff",
            "cursor=" + "A".repeat(3000),
            "cursor=00000000-0000-0000-0000-000000000000",
            "id=x&at=x",
            "id=&at=",
            "id=00000000-0000-0000-0000-000000000000&at=" + "9".repeat(30),
            "id=00000000-0000-0000-0000-000000000000&at=-9223372036854775808",
            "id=00000000-0000-0000-0000-000000000000&at=9223372036854775807",
            "account=%3Csip%3A%3E",
            "account=" + "a".repeat(3000),
            "q=a&".repeat(500))) {
      for (String page :
          List.of(
              "/console", "/console/call", "/console/push", "/console/live", "/console/account")) {
        int status;
        try {
          status = owner.get(page + "?" + query).statusCode();
        } catch (IllegalArgumentException e) {
          // Java's client cannot send it.
          continue;
        }
        if (status >= 500) {
          wrong.add(status + " " + page + "?" + query);
        }
      }
    }
    assertEquals(List.of(), wrong);
  }
}
