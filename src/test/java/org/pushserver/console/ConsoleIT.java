// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.console.ConsoleBrowser.encoded;
import static org.pushserver.console.ConsoleDoor.OTHER;
import static org.pushserver.console.ConsoleDoor.OWNER;
import static org.pushserver.console.ConsoleDoor.PHONE;
import static org.pushserver.console.TrailSamples.BEGIN;
import static org.pushserver.fake.Await.await;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.config.ApiKeys;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.StoredToken;
import org.pushserver.trail.TrailEntry;

/** The console as a browser without a script has it. */
@Timeout(60)
class ConsoleIT {
  private ConsoleDoor door;

  @BeforeEach
  void open() {
    door = new ConsoleDoor();
  }

  @AfterEach
  void close() {
    door.close();
  }

  private ConsoleBrowser operator() throws Exception {
    return ConsoleBrowser.of(door, ConsoleDoor.OPERATOR);
  }

  private ConsoleBrowser stranger() {
    return new ConsoleBrowser(door.port());
  }

  private static String location(HttpResponse<String> response) {
    return response.headers().firstValue("location").orElse("");
  }

  @Test
  void aStrangerIsAskedToLogInAndThenSeesThePageThatHeWanted() throws Exception {
    ConsoleBrowser browser = stranger();
    HttpResponse<String> first = browser.get("/console/call?call-id=a%40b");
    assertEquals(303, first.statusCode());
    assertTrue(location(first).startsWith("/console/login?to=%2Fconsole%2Fcall"), location(first));
    HttpResponse<String> login = browser.get(location(first));
    assertEquals(200, login.statusCode());
    assertTrue(
        login.body().contains("name=\"to\" value=\"/console/call?call-id&#x3D;a%40b\""),
        login.body());
    HttpResponse<String> in =
        browser.post(
            "/console/login", "key=" + OWNER + "&to=" + encoded("/console/call?call-id=a%40b"));
    assertEquals(303, in.statusCode());
    assertEquals("/console/call?call-id=a%40b", location(in));
  }

  @Test
  void theNoteInTheBrowserIsForThisServerAlone() throws Exception {
    HttpResponse<String> in = stranger().logIn(OWNER);
    String cookie = ConsoleBrowser.setCookie(in).orElseThrow();
    assertTrue(cookie.contains("HTTPOnly"), cookie);
    assertTrue(cookie.contains("SameSite=Strict"), cookie);
    assertTrue(cookie.contains("Path=/console"), cookie);
    assertTrue(cookie.contains("Max-Age=43200"), cookie);
    assertFalse(cookie.contains("Secure"), cookie);
    assertFalse(cookie.contains(OWNER), cookie);
  }

  @Test
  void behindAProxyThatSpeaksTlsTheNoteIsSentOverTlsAlone() throws Exception {
    HttpResponse<String> in = stranger().logIn(OWNER, "X-Forwarded-Proto", "https");
    assertTrue(ConsoleBrowser.setCookie(in).orElseThrow().contains("Secure"));
  }

  @Test
  void aKeyThatIsUnknownOrForPushesDoesNotLogIn() throws Exception {
    HttpResponse<String> unknown = stranger().logIn("ps_guess");
    assertEquals(401, unknown.statusCode());
    assertTrue(unknown.body().contains("This key is not known."), unknown.body());
    HttpResponse<String> sender = stranger().logIn(ConsoleDoor.SENDER);
    assertEquals(403, sender.statusCode());
    assertTrue(sender.body().contains("lacks the right"), sender.body());
    assertTrue(ConsoleBrowser.setCookie(sender).isEmpty());
  }

  @Test
  void whoTriesTooOftenHasToWait() throws Exception {
    ConsoleBrowser browser = stranger();
    HttpResponse<String> last = browser.logIn("ps_guess");
    for (int i = 0; i < 10; i++) {
      last = browser.logIn("ps_guess");
    }
    assertEquals(429, last.statusCode());
    assertTrue(last.headers().firstValue("retry-after").isPresent());
    assertEquals(429, browser.logIn(OWNER).statusCode(), "not even the right one");
    door.time.advance(Duration.ofSeconds(2));
    assertEquals(303, browser.logIn(OWNER).statusCode());
  }

  @Test
  void aKeyThatIsTakenAwayEndsTheSessionAtOnce() throws Exception {
    ConsoleBrowser browser = ConsoleBrowser.of(door, OWNER);
    assertEquals(200, browser.get("/console").statusCode());
    door.apply(ApiKeys.of(List.of(ConsoleDoor.OPERATOR_KEY)));
    assertEquals(303, browser.get("/console").statusCode());
  }

  @Test
  void anotherKeyOfTheSameNameIsAnotherKey() throws Exception {
    ConsoleBrowser browser = ConsoleBrowser.of(door, OWNER);
    door.apply(ApiKeys.of(List.of(ConsoleDoor.key("owner", "ps_new", true))));
    assertEquals(303, browser.get("/console").statusCode());
  }

  @Test
  void aSessionEndsAfterTwelveHours() throws Exception {
    ConsoleBrowser browser = ConsoleBrowser.of(door, OWNER);
    door.time.advance(Duration.ofHours(12).minusSeconds(1));
    assertEquals(200, browser.get("/console").statusCode());
    door.time.advance(Duration.ofSeconds(2));
    assertEquals(303, browser.get("/console").statusCode());
  }

  @Test
  void aChangedNoteCountsForNothing() throws Exception {
    ConsoleBrowser browser = ConsoleBrowser.of(door, OWNER);
    String note = browser.cookie();
    for (String changed :
        List.of(
            note.replace("owner", "operator"),
            note.replaceFirst("/[0-9]", "/9"),
            note.substring(0, note.length() - 2),
            note + "x",
            "pushserver_console=",
            "pushserver_console=owner",
            "pushserver_console=//")) {
      browser.cookie(changed);
      assertEquals(303, browser.get("/console").statusCode(), changed);
    }
  }

  @Test
  void whoLogsOutIsOut() throws Exception {
    ConsoleBrowser browser = ConsoleBrowser.of(door, OWNER);
    HttpResponse<String> out = browser.post("/console/logout", "");
    assertEquals("/console/login", location(out));
    assertTrue(ConsoleBrowser.setCookie(out).orElseThrow().contains("Max-Age=0"));
    assertEquals(303, browser.get("/console").statusCode());
  }

  @Test
  void whatAnotherSiteLetsABrowserSendDoesNothing() throws Exception {
    assertEquals(403, stranger().logIn(OWNER, "Origin", "https://evil.example").statusCode());
    assertEquals(403, stranger().logIn(OWNER, "Origin", "null").statusCode());
    assertEquals(403, stranger().logIn(OWNER, "Sec-Fetch-Site", "cross-site").statusCode());
    assertEquals(403, stranger().logIn(OWNER, "Sec-Fetch-Site", "same-site").statusCode());
    assertEquals(303, stranger().logIn(OWNER, "Sec-Fetch-Site", "same-origin").statusCode());
    assertEquals(
        303, stranger().logIn(OWNER, "Origin", "http://127.0.0.1:" + door.port()).statusCode());
    ConsoleBrowser browser = ConsoleBrowser.of(door, OWNER);
    assertEquals(
        403, browser.post("/console/logout", "", "Origin", "https://evil.example").statusCode());
    assertEquals(200, browser.get("/console").statusCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/console//evil.example",
        "/console/../push",
        "/consolee",
        "/console/login",
        "/console/login?to=%2Fconsole%2Flogin",
        "/console/logout",
        "javascript:alert(1)",
        "/console\r\nSet-Cookie: a=b"
      })
  void aLoginLeadsNowhereElse(String to) throws Exception {
    HttpResponse<String> in =
        stranger().post("/console/login", "key=" + OWNER + "&to=" + encoded(to));
    assertEquals("/console", location(in));
    assertFalse(stranger().get("/console/login?to=" + encoded(to)).body().contains("evil"));
  }

  @Test
  void whoIsLoggedInIsNotSentInACircle() throws Exception {
    ConsoleBrowser browser = ConsoleBrowser.of(door, OWNER);
    assertEquals(
        "/console", location(browser.get("/console/login?to=" + encoded("/console/login"))));
  }

  /** A browser keeps the note to itself when the link stands on another site, such as a ticket. */
  @Test
  void aLinkInATicketLeadsToThePageOfWhoHasLoggedIn() throws Exception {
    HttpResponse<String> login =
        stranger().get("/console/login?to=%2Fconsole", "Sec-Fetch-Site", "cross-site");
    assertTrue(login.body().contains("id=\"goes-on\""), login.body());
    assertFalse(stranger().get("/console/login").body().contains("id=\"goes-on\""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/console",
        "/console/live",
        "/console/applications",
        "/console/refusals",
        "/console/call?call-id=c1",
        "/console/account?account=bob%40example.com",
        "/console/login"
      })
  void aPageMayLoadNothingAndIsKeptNowhere(String path) throws Exception {
    HttpResponse<String> page = operator().get(path);
    String policy = page.headers().firstValue("content-security-policy").orElseThrow();
    assertTrue(policy.startsWith("default-src 'none'; style-src 'self'; script-src 'self'"));
    assertFalse(policy.contains("unsafe"));
    assertEquals("no-store", page.headers().firstValue("cache-control").orElseThrow());
    assertEquals("nosniff", page.headers().firstValue("x-content-type-options").orElseThrow());
    assertFalse(Pattern.compile("(?i)<style|style=|\\son[a-z]+=").matcher(page.body()).find());
    assertFalse(Pattern.compile("(?i)<script(?! src=\"/console/)").matcher(page.body()).find());
    assertFalse(page.body().contains("://"), page.body());
  }

  @Test
  void styleAndScriptAreForEverybody() throws Exception {
    HttpResponse<String> style = stranger().get("/console/console.css");
    assertEquals(200, style.statusCode());
    assertEquals("text/css; charset=utf-8", style.headers().firstValue("content-type").get());
    HttpResponse<String> script = stranger().get("/console/console.js");
    assertEquals(200, script.statusCode());
    assertFalse(script.body().contains("innerHTML"), "what comes is text until it is looked at");
  }

  @Test
  void theOneBoxFindsCallAccountDeviceAndToken() throws Exception {
    door.trail.put(TrailSamples.delivered(PHONE, "c1@pbx", "device-1", BEGIN));
    ConsoleBrowser browser = operator();
    for (String text :
        List.of(
            "c1@pbx",
            "sip:Bob@example.com;transport=tls",
            "device-1",
            "6688ff9c1e2d3b4a-device-1")) {
      String page = browser.get("/console?q=" + encoded(text)).body();
      assertTrue(page.contains("1 push found"), page);
      assertTrue(page.contains("/console/call?call-id&#x3D;c1%40pbx"), page);
    }
    String nothing = browser.get("/console?q=c2").body();
    assertTrue(nothing.contains("Nothing found"), nothing);
  }

  @Test
  void theAddressHoldsTheWholeQueryAndPagesGoOn() throws Exception {
    for (int i = 0; i < 120; i++) {
      door.trail.put(TrailSamples.delivered(PHONE, "c" + i, "d", BEGIN + i * 1000L));
      door.trail.put(TrailSamples.dead(PHONE, "x" + i, "d", BEGIN + i * 1000L));
    }
    ConsoleBrowser browser = operator();
    String path = "/console?q=bob%40example.com&outcome=delivered";
    Pattern next = Pattern.compile("rel=\"next\" href=\"([^\"]+)\"");
    int rows = 0;
    int pages = 0;
    while (path != null) {
      String page = browser.get(path).body();
      assertTrue(page.contains("value=\"delivered\" selected"), page);
      rows += page.split("<tr data-id", -1).length - 1;
      assertFalse(page.contains(">x1<"), page);
      pages++;
      Matcher more = next.matcher(page);
      path = more.find() ? more.group(1).replace("&amp;", "&").replace("&#x3D;", "=") : null;
    }
    assertEquals(120, rows);
    assertEquals(3, pages);
  }

  @Test
  void aWrongTimeIsSaidAndNotSearchedFor() throws Exception {
    HttpResponse<String> page = operator().get("/console?from=yesterday");
    assertEquals(400, page.statusCode());
    assertTrue(page.body().contains("must look like"), page.body());
    assertTrue(page.body().contains("value=\"yesterday\""), page.body());
    assertTrue(door.trail.asked().isEmpty());
  }

  @Test
  void aCallIsShownWithAllItsDevicesWaitsAndAttempts() throws Exception {
    door.trail.put(TrailSamples.delivered(PHONE, "c1", "device-1", BEGIN));
    door.trail.put(TrailSamples.dead(OTHER, "c1", "device-2", BEGIN + 1));
    HttpResponse<String> page = operator().get("/console/call?call-id=c1");
    assertEquals(200, page.statusCode());
    for (String text :
        List.of(
            "id=\"push-1\"",
            "id=\"push-2\"",
            "What to do:",
            "answer 503 after 31 ms",
            "waits 500 ms",
            "attempt 2, connection 1",
            "apns-topic com.example.phone.voip",
            "answer 410 after 20 ms",
            "Unregistered",
            "<time datetime=\"2026-11-30T10:15:00.000Z\"")) {
      assertTrue(page.body().contains(text), text + "\n" + page.body());
    }
  }

  @Test
  void anOwnerSeesHisApplicationsOnly() throws Exception {
    TrailEntry others = TrailSamples.dead(OTHER, "c2", "device-2", BEGIN);
    door.trail.put(TrailSamples.delivered(PHONE, "c1", "device-1", BEGIN));
    door.trail.put(others);
    door.trail.put(TrailSamples.refused(null, "192.0.2.9", "unknown key", door.time.now()));
    door.trail.put(TrailSamples.refused(OTHER, "192.0.2.8", "no such key", door.time.now()));
    ConsoleBrowser owner = ConsoleBrowser.of(door, OWNER);
    for (String path :
        List.of(
            "/console",
            "/console?q=c2",
            "/console?application=" + OTHER.appId(),
            "/console?outcome=not-let-in",
            "/console/live",
            "/console/applications",
            "/console/refusals")) {
      String page = owner.get(path).body();
      // What he has asked for himself stands in the form.
      page = page.replace("value=\"" + OTHER.appId() + "\"", "");
      assertFalse(page.contains(OTHER.appId()), path);
      assertFalse(page.contains("device-2"), path);
      assertFalse(page.contains("192.0.2."), path);
    }
    assertEquals(404, owner.get("/console/call?call-id=c2").statusCode());
    String push = "/console/push?id=" + others.id() + "&at=" + others.at() + "&call-id=c2";
    assertEquals(404, owner.get(push).statusCode());
    assertEquals(200, operator().get(push).statusCode());
  }

  private double logins(String result) {
    return door.meters.get("pushserver.console.logins").tag("result", result).counter().count();
  }

  @Test
  void attemptsToLogInAreCountedByWhatCameOfThem() throws Exception {
    ConsoleBrowser browser = stranger();
    assertEquals(303, browser.logIn(OWNER).statusCode());
    assertEquals(403, browser.logIn(ConsoleDoor.SENDER).statusCode());
    assertEquals(403, browser.logIn(OWNER, "Origin", "https://evil.example").statusCode());
    for (int i = 0; i < 10; i++) {
      assertTrue(browser.logIn("ps_guess").statusCode() >= 400);
    }
    assertEquals(1, logins("let_in"));
    assertEquals(1, logins("no_right"));
    assertEquals(1, logins("other_site"));
    assertEquals(8, logins("unknown_key"));
    assertEquals(2, logins("too_many"));
  }

  private static StoredToken device(AppKey app, String deviceId, String token, String other) {
    return new StoredToken(
        "bob@example.com", app, deviceId, token, other, true, "Phone/3.2 <b>", BEGIN, BEGIN);
  }

  @Test
  void anAccountIsShownWithItsDevicesAndNoWholeToken() throws Exception {
    String voip = "11aa22bb33cc44dd55ee66ff";
    String alert = "99zz88yy77xx66ww55vv44uu";
    await(door.tokens.add(device(PHONE, "device-1", voip, alert)));
    await(door.tokens.add(device(OTHER, "device-2", "c:short", null)));
    String page = operator().get("/console/account?account=sip:bob%40Example.com").body();
    for (String text :
        List.of(
            "2 devices",
            "device-1",
            "device-2",
            "com.example.phone/apple",
            "11aa22bb...",
            "99zz88yy...",
            "Phone/3.2 &lt;b&gt;",
            "<time datetime=\"2026-11-30T10:15:00.000Z\"",
            "2026-11-30</td>",
            "/console?account&#x3D;bob%40Example.com",
            "/console?device-id&#x3D;device-1")) {
      assertTrue(page.contains(text), text + "\n" + page);
    }
    for (String token : List.of(voip, alert, "c:short")) {
      assertFalse(page.contains(token), page);
    }
  }

  @Test
  void anOwnerSeesTheDevicesOfHisApplicationsOnly() throws Exception {
    await(door.tokens.add(device(PHONE, "device-1", "token-1234567890", null)));
    await(door.tokens.add(device(OTHER, "device-2", "token-0987654321", null)));
    ConsoleBrowser owner = ConsoleBrowser.of(door, OWNER);
    String page = owner.get("/console/account?account=bob%40example.com").body();
    assertTrue(page.contains("1 device.") && page.contains("device-1"), page);
    assertFalse(page.contains("device-2") || page.contains(OTHER.appId()), page);
    String nobody = owner.get("/console/account?account=nobody%40example.com").body();
    assertTrue(nobody.contains("No device has registered"), nobody);
  }

  @Test
  void aSearchForAnAccountLeadsToItsDevices() throws Exception {
    door.trail.put(TrailSamples.delivered(PHONE, "c1@pbx", "device-1", BEGIN));
    ConsoleBrowser browser = operator();
    String link = "href=\"/console/account?account&#x3D;";
    for (String query :
        List.of("q=sip:bob%40example.com", "account=bob%40example.com", "q=nobody%40example.com")) {
      String page = browser.get("/console?" + query).body();
      assertTrue(page.contains(link), page);
    }
    String call = browser.get("/console?q=c1%40pbx").body();
    assertFalse(call.contains(link), "a call-id is no account");
    assertFalse(browser.get("/console").body().contains(link));
  }

  @Test
  void whenTokensCannotBeReadTheReasonIsShown() throws Exception {
    door.tokens.fail("the disk is full; make room");
    HttpResponse<String> page = operator().get("/console/account?account=bob%40example.com");
    assertEquals(503, page.statusCode());
    assertTrue(page.body().contains("the disk is full; make room"), page.body());
    assertEquals(400, operator().get("/console/account").statusCode());
  }

  @Test
  void whereNoTokensAreStoredThePageSaysSo() throws Exception {
    ApiKeys keys = ApiKeys.of(List.of(ConsoleDoor.OPERATOR_KEY));
    try (ConsoleDoor without = new ConsoleDoor(keys, "", false)) {
      ConsoleBrowser browser = ConsoleBrowser.of(without, ConsoleDoor.OPERATOR);
      HttpResponse<String> page = browser.get("/console/account?account=bob%40example.com");
      assertEquals(404, page.statusCode());
      assertTrue(page.body().contains("store &#x3D; none"), page.body());
    }
  }

  @Test
  void aProxyThatIsTrustedSaysWhoAReaderIs() throws Exception {
    ApiKeys keys = ApiKeys.of(List.of(ConsoleDoor.OWNER_KEY, ConsoleDoor.SENDER_KEY));
    try (ConsoleDoor proxied = new ConsoleDoor(keys, "X-User", true)) {
      ConsoleBrowser browser = new ConsoleBrowser(proxied.port());
      HttpResponse<String> page = browser.get("/console", "X-User", "owner");
      assertEquals(200, page.statusCode());
      assertTrue(page.body().contains("your applications only"), page.body());
      assertFalse(page.body().contains("id=\"logout\""), page.body());
      assertEquals(403, browser.get("/console", "X-User", "sender").statusCode());
      assertEquals(403, browser.get("/console", "X-User", "nobody").statusCode());
      assertEquals(303, browser.get("/console").statusCode());
      proxied.trustNobody(keys);
      assertEquals(303, browser.get("/console", "X-User", "owner").statusCode());
    }
    assertEquals(303, stranger().get("/console", "X-User", "owner").statusCode());
  }

  @Test
  void withoutKeysTheMainDoorSaysWhatToDo() throws Exception {
    try (ConsoleDoor open = new ConsoleDoor(ApiKeys.OPEN, "", true)) {
      HttpResponse<String> page = new ConsoleBrowser(open.port()).get("/console");
      assertEquals(403, page.statusCode());
      assertTrue(page.body().contains("api_keys in general.ini"), page.body());
    }
  }

  @Test
  void withoutATrailThePagesSayWhatToSet() throws Exception {
    ApiKeys keys = ApiKeys.of(List.of(ConsoleDoor.OWNER_KEY));
    try (ConsoleDoor blind = new ConsoleDoor(keys, "", false)) {
      ConsoleBrowser browser = ConsoleBrowser.of(blind, OWNER);
      for (String path : List.of("/console", "/console/live", "/console/refusals")) {
        assertTrue(browser.get(path).body().contains("Set trail &#x3D; yes"), path);
      }
      String applications = browser.get("/console/applications").body();
      assertTrue(applications.contains(PHONE.appId()), applications);
    }
  }

  @Test
  void refusedRequestsAreShownByAddress() throws Exception {
    for (int i = 0; i < 12; i++) {
      door.trail.put(
          TrailSamples.refused(null, "192.0.2.9", "the API key is not known", door.time.now()));
    }
    String page = operator().get("/console/refusals").body();
    assertTrue(page.contains("192.0.2.9"), page);
    assertTrue(page.contains("12 × 401"), page);
  }
}
