// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Cookie;
import org.pushserver.fake.Browser;
import org.pushserver.push.AppKey;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailStep;
import org.pushserver.trail.TrailStep.What;

/** The console as its readers have it, in a browser. */
@Timeout(120)
class ConsoleBrowserIT {
  @RegisterExtension static final Browser BROWSER = new Browser();

  @RegisterExtension static final BrowsedConsole CONSOLE = new BrowsedConsole(BROWSER);

  /** What somebody might hope that a page runs. */
  private static final String ATTACK = "<script>document.title = 'broken'; alert(1)</script>";

  private static final String HOSTILE =
      "\"'></title>" + ATTACK + "<img src=x onerror=\"alert(2)\">{{title}}&#39;`${alert(3)}\u202e";

  private static final int PUSHES = 10_000;

  @Test
  void aKeyOfTheConsoleLetsAReaderInUntilHeLogsOut() {
    BROWSER.open(CONSOLE.call(BrowsedConsole.CALL));
    CONSOLE.door().time.advance(Duration.ofSeconds(3));
    assertEquals("/console/login", CONSOLE.address().getPath());
    assertFalse(BROWSER.text().contains(BrowsedConsole.CALL));
    BROWSER.find("#key").sendKeys("a-key-that-nobody-has");
    BROWSER.follow("#login");
    assertTrue(BROWSER.find("#fault").getText().contains("not known"));
    assertEquals(1, BROWSER.problems().size(), "the 401");
    BROWSER.find("#key").sendKeys(ConsoleDoor.SENDER);
    BROWSER.follow("#login");
    assertTrue(BROWSER.find("#fault").getText().contains("may not log in"));
    assertEquals(1, BROWSER.problems().size(), "the 403");
    BROWSER.find("#key").sendKeys(ConsoleDoor.OPERATOR);
    BROWSER.follow("#login");
    BROWSER.find("#steps");
    assertEquals(CONSOLE.call(BrowsedConsole.CALL), CONSOLE.address());
    BROWSER.follow("#logout");
    BROWSER.find("#key");
    BROWSER.open(CONSOLE.page("/console"));
    assertEquals("/console/login", CONSOLE.address().getPath());
    assertEquals(List.of(), List.copyOf(BROWSER.driver().manage().getCookies()));
  }

  @Test
  void noScriptCanReadWhoHasLoggedIn() {
    CONSOLE.logIn(CONSOLE.door(), ConsoleDoor.OPERATOR);
    Cookie cookie = BROWSER.driver().manage().getCookies().iterator().next();
    assertTrue(cookie.isHttpOnly());
    assertEquals("Strict", cookie.getSameSite());
    assertEquals("/console", cookie.getPath());
    assertEquals("", BROWSER.run("return document.cookie"));
    assertFalse(cookie.getValue().contains(ConsoleDoor.OPERATOR));
  }

  @Test
  void aSearchStandsInTheAddressAndShowsTheSameThereAgain() {
    CONSOLE.comeIn();
    CONSOLE.search(BrowsedConsole.CALL);
    assertEquals("2 pushes found, by call-id", BROWSER.find("#found").getText());
    List<String> found = CONSOLE.rows();
    assertEquals(2, found.size());
    URI ticket = CONSOLE.address();
    assertEquals(CONSOLE.found(BrowsedConsole.CALL), ticket);
    BROWSER.open(CONSOLE.page("/console"));
    BROWSER.open(ticket);
    assertEquals(found, CONSOLE.rows());
    assertEquals(BrowsedConsole.CALL, BROWSER.find("#q").getDomProperty("value"));
  }

  @Test
  void anAccountIsFoundHoweverItIsSpelt() {
    CONSOLE.comeIn();
    CONSOLE.search("sip:Bob@example.com");
    assertTrue(BROWSER.find("#found").getText().contains("by account"));
    assertTrue(CONSOLE.rows().size() >= 3);
  }

  @Test
  void theLadderShowsEachDeviceAndWhatItWaitedFor() {
    CONSOLE.comeIn();
    CONSOLE.search(BrowsedConsole.CALL);
    BROWSER.follow("#ladder");
    String steps = BROWSER.find("#steps").getText();
    assertTrue(steps.contains("503"), steps);
    assertTrue(steps.contains("waits"), steps);
    assertTrue(steps.contains("attempt 2"), steps);
    assertTrue(steps.contains("200"), steps);
    assertEquals(2, BROWSER.all("article.push").size());
  }

  @Test
  void aCallThatDidNotRingSaysWhyAndWhatToDo() {
    CONSOLE.comeIn();
    BROWSER.open(CONSOLE.call(BrowsedConsole.FAILED));
    assertFalse(BROWSER.find(".sentence").getText().isBlank());
    assertFalse(BROWSER.find(".next").getText().isBlank());
    assertTrue(BROWSER.find("#steps").getText().contains("410"));
  }

  @Test
  void whatComesWhileThePageIsOpenAppearsByItself() {
    CONSOLE.logIn(CONSOLE.door(), ConsoleDoor.OWNER);
    BROWSER.open(CONSOLE.page("/console/live?q=bob%40example.com&outcome=dead-token"));
    BROWSER.run("window.isSame = true");
    BROWSER.until(on -> BROWSER.find("#state").getText().contains("appear here"));
    long at = CONSOLE.door().time.now();
    CONSOLE
        .door()
        .trail
        .put(TrailSamples.dead(ConsoleDoor.OTHER, "others@pbx", "phone-of-dave", at));
    CONSOLE
        .door()
        .trail
        .put(TrailSamples.delivered(ConsoleDoor.PHONE, "fine@pbx", "phone-of-erin", at));
    TrailEntry fits = TrailSamples.dead(ConsoleDoor.PHONE, "live@pbx", "phone-of-frank", at);
    CONSOLE.door().trail.put(fits);
    BROWSER.until(on -> BROWSER.find("#rows").getText().contains("live@pbx"));
    assertTrue(CONSOLE.rows().get(0).contains("phone-of-frank"), () -> CONSOLE.rows().toString());
    assertFalse(BROWSER.text().contains("others@pbx"));
    assertFalse(BROWSER.text().contains("fine@pbx"));
    CONSOLE.door().trail.noteToFollowers("Server n2 is missing here: it does not answer");
    BROWSER.until(on -> BROWSER.find("#state").getText().contains("Server n2 is missing here"));
    assertEquals(true, BROWSER.run("return window.isSame"), "the page was not loaded again");
    BROWSER.follow("#rows a");
    assertTrue(BROWSER.text().contains("live@pbx"));
  }

  @Test
  void whatAStrangerWritesIsTextAndNothingElse() {
    CONSOLE.door().trail.put(hostile());
    CONSOLE.comeIn();
    String push = "a[href*='/console/push']";
    BROWSER.open(CONSOLE.found(HOSTILE));
    String alone = BROWSER.find(push).getDomProperty("href");
    for (URI page :
        List.of(
            CONSOLE.found(HOSTILE),
            CONSOLE.call(HOSTILE),
            URI.create(alone),
            CONSOLE.page("/console/refusals"))) {
      BROWSER.open(page);
      assertTrue(BROWSER.text().contains(ATTACK), BROWSER::text);
      assertNotEquals("broken", BROWSER.driver().getTitle());
      assertEquals(List.of(), BROWSER.all("main img, main script"));
    }
    assertEquals(List.of(), BROWSER.problems());
  }

  /** With that in every field. */
  private static TrailEntry hostile() {
    long at = CONSOLE.door().time.now() - 100_000;
    return new TrailEntry(
        UUID.randomUUID(),
        at,
        at,
        TrailEnd.NOT_LET_IN,
        new AppKey(HOSTILE, HOSTILE),
        HOSTILE,
        HOSTILE,
        HOSTILE,
        HOSTILE,
        HOSTILE,
        HOSTILE,
        1,
        HOSTILE,
        400,
        HOSTILE,
        1,
        List.of(
            TrailStep.of(What.ACCEPTED, at, HOSTILE),
            new TrailStep(What.ATTEMPT, at, 1, 400, HOSTILE, 1, HOSTILE, 1),
            TrailStep.of(What.TOLD, at, HOSTILE)),
        "");
  }

  @Test
  void tenThousandPushesAreReadPageByPage() {
    try (ConsoleDoor busy = new ConsoleDoor()) {
      long at = busy.time.now() - PUSHES;
      for (int i = 0; i < PUSHES; i++) {
        busy.trail.put(TrailSamples.dead(ConsoleDoor.PHONE, "call-" + i, "device-" + i, at + i));
      }
      CONSOLE.logIn(busy, ConsoleDoor.OPERATOR);
      CONSOLE.search("bob@example.com");
      for (int page = 0; page < 3; page++) {
        String newest = "call-" + (PUSHES - 1 - 50 * page);
        assertTrue(CONSOLE.rows().get(0).contains(newest), CONSOLE.rows().get(0));
        assertEquals(50, CONSOLE.rows().size());
        BROWSER.follow("a[rel=next]");
      }
      String oldest = Instant.ofEpochMilli(at + 20).toString();
      BROWSER.open(CONSOLE.page(busy, "/console?account=bob%40example.com&to=" + oldest));
      assertEquals(20, CONSOLE.rows().size());
      assertEquals(List.of(), BROWSER.all("a[rel=next]"));
    }
  }

  /** For src/docs; development.md says how they get there. */
  @Test
  void picturesOfThePagesAreMade() throws Exception {
    BROWSER.zone("Europe/Zurich");
    CONSOLE.comeIn();
    BROWSER.width(1080);
    BROWSER.open(CONSOLE.found("bob@example.com"));
    BROWSER.picture("console-search", 700);
    BROWSER.open(CONSOLE.call(BrowsedConsole.CALL));
    BROWSER.picture("console-call", 1046);
    BROWSER.open(CONSOLE.call(BrowsedConsole.FAILED));
    BROWSER.picture("console-failed", 730);
    BROWSER.open(CONSOLE.page("/console/live?q=bob%40example.com"));
    BROWSER.until(on -> BROWSER.find("#state").getText().contains("appear here"));
    BROWSER.picture("console-live", 700);
    BROWSER.width(400);
    BROWSER.open(CONSOLE.call(BrowsedConsole.FAILED));
    BROWSER.picture("console-phone", 0);
  }
}
