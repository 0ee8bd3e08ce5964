// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
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

  /** A call of two devices: the push service of one was busy at first. */
  private static final String CALL = "4711@pbx.example.com";

  /** A call whose phone has lost the app. */
  private static final String FAILED = "4712@pbx.example.com";

  private static final String WAITING = "4713@pbx.example.com";

  /** What somebody might hope that a page runs. */
  private static final String ATTACK = "<script>document.title = 'broken'; alert(1)</script>";

  private static final String HOSTILE =
      "\"'></title>" + ATTACK + "<img src=x onerror=\"alert(2)\">{{title}}&#39;`${alert(3)}\u202e";

  private static final int PUSHES = 10_000;

  private static ConsoleDoor door;

  /** Of an operator who has logged in; null before the first. */
  private static Cookie session;

  @BeforeAll
  static void open() {
    door = new ConsoleDoor();
    long at = door.time.now();
    door.trail.put(TrailSamples.refused(null, "192.0.2.7", "The API key is not known", at - 9000));
    door.trail.put(TrailSamples.delivered(ConsoleDoor.PHONE, CALL, "iphone-of-bob", at - 5000));
    door.trail.put(TrailSamples.delivered(ConsoleDoor.OTHER, CALL, "tablet-of-bob", at - 4990));
    door.trail.put(TrailSamples.dead(ConsoleDoor.PHONE, FAILED, "old-phone-of-bob", at - 3000));
    door.trail.put(TrailSamples.waiting(ConsoleDoor.PHONE, WAITING, "phone-of-carol", at - 1000));
  }

  @AfterAll
  static void close() {
    if (door != null) {
      door.close();
    }
  }

  private static URI page(String path) {
    return page(door, path);
  }

  private static URI page(ConsoleDoor of, String path) {
    return URI.create("http://127.0.0.1:" + of.port() + path);
  }

  private static URI call(String callId) {
    return page("/console/call?call-id=" + ConsoleBrowser.encoded(callId));
  }

  private static URI found(String text) {
    return page("/console?q=" + ConsoleBrowser.encoded(text));
  }

  /** Comes as an operator; from the second time on as one who has logged in before. */
  private static void comeIn() {
    if (session == null) {
      logIn(door, ConsoleDoor.OPERATOR);
      session = BROWSER.driver().manage().getCookies().iterator().next();
    } else {
      BROWSER.cookie(page("/console"), session);
      BROWSER.open(page("/console"));
      BROWSER.find("#logout");
    }
  }

  private static void logIn(ConsoleDoor to, String key) {
    // An address may try once a second.
    to.time.advance(Duration.ofSeconds(1));
    BROWSER.open(page(to, "/console/login"));
    BROWSER.find("#key").sendKeys(key);
    BROWSER.follow("#login");
    BROWSER.find("#logout");
  }

  private static void search(String text) {
    WebElement box = BROWSER.find("#q");
    box.clear();
    box.sendKeys(text);
    BROWSER.follow("#go");
  }

  private static List<String> rows() {
    Object rows =
        BROWSER.run("return [...document.querySelectorAll('#rows tr')].map(r => r.innerText)");
    return ((List<?>) rows).stream().map(String::valueOf).toList();
  }

  private static URI address() {
    return URI.create(BROWSER.driver().getCurrentUrl());
  }

  /** Every page, by its name, as the operator sees it. */
  private static Map<String, URI> pages() {
    Map<String, URI> pages = new LinkedHashMap<>();
    pages.put("newest", page("/console"));
    pages.put("found", found(CALL));
    pages.put("filters", page("/console?account=bob@example.com&outcome=failed"));
    pages.put("nothing", found("nobody"));
    pages.put("fault", page("/console?from=yesterday"));
    pages.put("call", call(CALL));
    pages.put("failed", call(FAILED));
    pages.put("waiting", call(WAITING));
    pages.put("unknown", call("nobody"));
    pages.put("applications", page("/console/applications"));
    pages.put("live", page("/console/live"));
    pages.put("refusals", page("/console/refusals"));
    return pages;
  }

  @Test
  void aKeyOfTheConsoleLetsAReaderInUntilHeLogsOut() {
    BROWSER.open(call(CALL));
    door.time.advance(Duration.ofSeconds(3));
    assertEquals("/console/login", address().getPath());
    assertFalse(BROWSER.text().contains(CALL));
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
    assertEquals(call(CALL), address());
    BROWSER.follow("#logout");
    BROWSER.find("#key");
    BROWSER.open(page("/console"));
    assertEquals("/console/login", address().getPath());
    assertEquals(List.of(), List.copyOf(BROWSER.driver().manage().getCookies()));
  }

  @Test
  void noScriptCanReadWhoHasLoggedIn() {
    logIn(door, ConsoleDoor.OPERATOR);
    Cookie cookie = BROWSER.driver().manage().getCookies().iterator().next();
    assertTrue(cookie.isHttpOnly());
    assertEquals("Strict", cookie.getSameSite());
    assertEquals("/console", cookie.getPath());
    assertEquals("", BROWSER.run("return document.cookie"));
    assertFalse(cookie.getValue().contains(ConsoleDoor.OPERATOR));
  }

  @Test
  void aSearchStandsInTheAddressAndShowsTheSameThereAgain() {
    comeIn();
    search(CALL);
    assertEquals("2 pushes found, by call-id", BROWSER.find("#found").getText());
    List<String> found = rows();
    assertEquals(2, found.size());
    URI ticket = address();
    assertEquals(found(CALL), ticket);
    BROWSER.open(page("/console"));
    BROWSER.open(ticket);
    assertEquals(found, rows());
    assertEquals(CALL, BROWSER.find("#q").getDomProperty("value"));
  }

  @Test
  void anAccountIsFoundHoweverItIsSpelt() {
    comeIn();
    search("sip:Bob@example.com");
    assertTrue(BROWSER.find("#found").getText().contains("by account"));
    assertTrue(rows().size() >= 3);
  }

  @Test
  void theLadderShowsEachDeviceAndWhatItWaitedFor() {
    comeIn();
    search(CALL);
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
    comeIn();
    BROWSER.open(call(FAILED));
    assertFalse(BROWSER.find(".sentence").getText().isBlank());
    assertFalse(BROWSER.find(".next").getText().isBlank());
    assertTrue(BROWSER.find("#steps").getText().contains("410"));
  }

  @Test
  void whatComesWhileThePageIsOpenAppearsByItself() {
    logIn(door, ConsoleDoor.OWNER);
    BROWSER.open(page("/console/live?q=bob%40example.com&outcome=dead-token"));
    BROWSER.run("window.isSame = true");
    BROWSER.until(on -> BROWSER.find("#state").getText().contains("appear here"));
    long at = door.time.now();
    door.trail.put(TrailSamples.dead(ConsoleDoor.OTHER, "others@pbx", "phone-of-dave", at));
    door.trail.put(TrailSamples.delivered(ConsoleDoor.PHONE, "fine@pbx", "phone-of-erin", at));
    TrailEntry fits = TrailSamples.dead(ConsoleDoor.PHONE, "live@pbx", "phone-of-frank", at);
    door.trail.put(fits);
    BROWSER.until(on -> BROWSER.find("#rows").getText().contains("live@pbx"));
    assertTrue(rows().get(0).contains("phone-of-frank"), () -> rows().toString());
    assertFalse(BROWSER.text().contains("others@pbx"));
    assertFalse(BROWSER.text().contains("fine@pbx"));
    assertEquals(true, BROWSER.run("return window.isSame"), "the page was not loaded again");
    BROWSER.follow("#rows a");
    assertTrue(BROWSER.text().contains("live@pbx"));
  }

  @Test
  void whatAStrangerWritesIsTextAndNothingElse() {
    door.trail.put(hostile());
    comeIn();
    String push = "a[href*='/console/push']";
    BROWSER.open(found(HOSTILE));
    String alone = BROWSER.find(push).getDomProperty("href");
    for (URI page :
        List.of(found(HOSTILE), call(HOSTILE), URI.create(alone), page("/console/refusals"))) {
      BROWSER.open(page);
      assertTrue(BROWSER.text().contains(ATTACK), BROWSER::text);
      assertNotEquals("broken", BROWSER.driver().getTitle());
      assertEquals(List.of(), BROWSER.all("main img, main script"));
    }
    assertEquals(List.of(), BROWSER.problems());
  }

  /** With that in every field. */
  private static TrailEntry hostile() {
    long at = door.time.now() - 100_000;
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
            TrailStep.of(What.TOLD, at, HOSTILE)));
  }

  @Test
  void tenThousandPushesAreReadPageByPage() {
    try (ConsoleDoor busy = new ConsoleDoor()) {
      long at = busy.time.now() - PUSHES;
      for (int i = 0; i < PUSHES; i++) {
        busy.trail.put(TrailSamples.dead(ConsoleDoor.PHONE, "call-" + i, "device-" + i, at + i));
      }
      logIn(busy, ConsoleDoor.OPERATOR);
      search("bob@example.com");
      for (int page = 0; page < 3; page++) {
        String newest = "call-" + (PUSHES - 1 - 50 * page);
        assertTrue(rows().get(0).contains(newest), rows().get(0));
        assertEquals(50, rows().size());
        BROWSER.follow("a[rel=next]");
      }
      String oldest = Instant.ofEpochMilli(at + 20).toString();
      BROWSER.open(page(busy, "/console?account=bob%40example.com&to=" + oldest));
      assertEquals(20, rows().size());
      assertEquals(List.of(), BROWSER.all("a[rel=next]"));
    }
  }

  @Test
  void nothingIsWiderThanAPhone() {
    comeIn();
    BROWSER.width(400);
    pages()
        .forEach(
            (name, page) -> {
              BROWSER.open(page);
              assertEquals(List.of(), tooWide(), name);
            });
    BROWSER.problems();
  }

  /** What sticks out of the page. */
  private static List<?> tooWide() {
    return (List<?>)
        BROWSER.run(
            """
            const page = document.documentElement;
            return page.scrollWidth <= page.clientWidth ? [] :
              [...document.querySelectorAll('body *')].map(element => [element, element.getBoundingClientRect()])
                .filter(([, box]) => box.right > page.clientWidth + 1)
                .map(([element, box]) => `${box.right} ${element.outerHTML.slice(0, 200)}`);
            """);
  }

  @Test
  void theKeyboardIsEnough() {
    BROWSER.open(page("/console/login"));
    tabTo("key");
    type(ConsoleDoor.OPERATOR + Keys.ENTER);
    BROWSER.find("#q");
    tabTo("q");
    type(CALL + Keys.ENTER);
    BROWSER.find("#ladder");
    tabTo("ladder");
    type(Keys.ENTER.toString());
    BROWSER.find("#steps");
    tabTo("logout");
    type(Keys.ENTER.toString());
    BROWSER.find("#login");
  }

  private static void tabTo(String id) {
    List<Object> passed = new ArrayList<>();
    while (passed.size() < 100) {
      Object focus = BROWSER.run("return document.activeElement.id");
      if (id.equals(focus)) {
        return;
      }
      passed.add(focus);
      type(Keys.TAB.toString());
    }
    throw new AssertionError("no Tab leads to " + id + ", but to " + passed);
  }

  private static void type(String text) {
    new Actions(BROWSER.driver()).sendKeys(text).perform();
  }

  @Test
  void aReaderOfTheNightGetsDarkPages() {
    comeIn();
    assertTrue(brightness() > 200);
    BROWSER.dark(true);
    assertTrue(brightness() < 60);
  }

  /** Of the page behind the text: 0 … 255. */
  private static long brightness() {
    return (Long)
        BROWSER.run(
            """
            const background = getComputedStyle(document.body).backgroundColor;
            return Math.max(...background.match(/\\d+/g).slice(0, 3).map(Number));
            """);
  }

  @Test
  void allWorksWithoutJavaScript() {
    BROWSER.scripts(false);
    logIn(door, ConsoleDoor.OPERATOR);
    search(CALL);
    BROWSER.follow("#ladder");
    assertTrue(BROWSER.find("#steps").getText().contains("503"));
    pages()
        .forEach(
            (name, page) -> {
              BROWSER.open(page);
              assertFalse(BROWSER.find("h1").getText().isBlank(), name);
            });
    BROWSER.problems();
    BROWSER.follow("#logout");
    BROWSER.find("#key");
  }

  @Test
  void timesAreThoseOfTheReader() {
    comeIn();
    BROWSER.zone("Asia/Kathmandu");
    BROWSER.open(call(CALL));
    WebElement time = BROWSER.find("#steps time");
    Instant exact = Instant.parse(time.getDomAttribute("datetime"));
    String there =
        DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT)
            .format(exact.atZone(ZoneId.of("Asia/Kathmandu")));
    BROWSER.until(on -> time.getText().contains(there));
    assertTrue(time.getText().endsWith("UTC"), time::getText);
  }

  @Test
  void nobodyIsShutOut() {
    Map<String, List<String>> barriers = new LinkedHashMap<>();
    BROWSER.open(page("/console/login"));
    barriers.put("login", BROWSER.barriers());
    comeIn();
    Map<String, URI> pages = pages();
    // Each kind of page once: the rules take a second on a busy machine.
    for (String name : List.of("filters", "call", "applications", "live", "refusals")) {
      BROWSER.open(pages.get(name));
      barriers.put(name, BROWSER.barriers());
    }
    BROWSER.dark(true);
    for (String name : List.of("newest", "fault", "failed")) {
      BROWSER.open(pages.get(name));
      barriers.put(name + ", dark", BROWSER.barriers("color-contrast"));
    }
    BROWSER.problems();
    barriers.values().removeIf(List::isEmpty);
    assertEquals(Map.of(), barriers);
  }

  /** For src/docs; development.md says how they get there. */
  @Test
  void picturesOfThePagesAreMade() throws Exception {
    BROWSER.zone("Europe/Zurich");
    comeIn();
    BROWSER.width(1080);
    BROWSER.open(found("bob@example.com"));
    BROWSER.picture("console-search", 700);
    BROWSER.open(call(CALL));
    BROWSER.picture("console-call", 1046);
    BROWSER.open(call(FAILED));
    BROWSER.picture("console-failed", 730);
    BROWSER.open(page("/console/live?q=bob%40example.com"));
    BROWSER.until(on -> BROWSER.find("#state").getText().contains("appear here"));
    BROWSER.picture("console-live", 700);
    BROWSER.width(400);
    BROWSER.open(call(FAILED));
    BROWSER.picture("console-phone", 0);
  }
}
