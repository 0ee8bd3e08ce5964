// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What tests of pages may rely on. */
class BrowserIT {
  @RegisterExtension static final Browser BROWSER = new Browser();

  private static final Map<String, String> PAGES = new ConcurrentHashMap<>();
  private static final List<String> REQUESTS = new CopyOnWriteArrayList<>();
  private static Vertx vertx;
  private static HttpServer server;

  @BeforeAll
  static void begin() {
    vertx = Vertx.vertx();
    server = await(vertx.createHttpServer().requestHandler(BrowserIT::answer).listen(0, "0.0.0.0"));
  }

  @AfterAll
  static void end() {
    if (vertx != null) {
      await(vertx.close());
    }
  }

  @BeforeEach
  void forget() {
    PAGES.clear();
    REQUESTS.clear();
  }

  private static void answer(HttpServerRequest request) {
    REQUESTS.add("http://" + request.authority() + request.path());
    request
        .response()
        .putHeader("Content-Type", "text/html; charset=utf-8")
        .putHeader("Content-Security-Policy", "script-src 'unsafe-inline'; form-action 'none'")
        .end(PAGES.getOrDefault(request.path(), ""));
  }

  private static URI on(String host, String path) {
    return URI.create("http://" + host + ":" + server.actualPort() + path);
  }

  private static void show(String html) {
    PAGES.put(
        "/",
        "<!doctype html><html lang=en><title>A page</title><link rel=icon href='data:,'>" + html);
    BROWSER.open(on("127.0.0.1", "/"));
  }

  @Test
  void showsAPageAndActsOnIt() {
    show("<p>Closed</p><button onclick=\"document.querySelector('p').textContent = 'Open'\">");
    assertEquals("Closed", BROWSER.find("p").getText());
    BROWSER.find("button").click();
    assertEquals("Open", BROWSER.text());
    assertEquals(List.of(on("127.0.0.1", "/")), BROWSER.asked());
  }

  @Test
  void reachesNobodyElse() {
    URI name = on("localhost", "/name.png");
    URI address = on("127.0.0.2", "/address.png");
    URI stranger = URI.create("http://example.invalid/stranger.png");
    show(
        "<img alt='' src='%s'><img alt='' src='%s'><img alt='' src='%s'>"
            .formatted(name, address, stranger));
    List<String> problems = BROWSER.problems();
    assertEquals(3, problems.size(), problems::toString);
    assertTrue(
        problems.stream().allMatch(line -> line.contains("ERR_NAME_NOT_RESOLVED")),
        problems::toString);
    assertEquals(List.of(on("127.0.0.1", "/").toString()), REQUESTS);
    assertTrue(BROWSER.asked().containsAll(List.of(name, address, stranger)));
  }

  @Test
  void tellsWhatWentWrongInAPage() {
    show("<script>throw new Error('so it goes')</script><script src=/other.js></script>");
    String problems = String.join("\n", BROWSER.problems());
    assertTrue(problems.contains("so it goes"), problems);
    assertTrue(problems.contains("Content Security Policy"), problems);
    assertEquals(List.of(), BROWSER.problems());
  }

  @Test
  void showsPagesAsItsReaderWantsThem() {
    String page =
        "<style>p { color: #111111 } @media (prefers-color-scheme: dark) { p { color: #eeeeee } }</style>"
            + "<p>Without</p><script>document.querySelector('p').textContent = 'With'</script>";
    BROWSER.dark(true);
    BROWSER.scripts(false);
    BROWSER.width(400);
    show(page);
    assertEquals("Without", BROWSER.text());
    assertEquals("rgba(238, 238, 238, 1)", BROWSER.find("p").getCssValue("color"));
    assertEquals(400L, BROWSER.run("return innerWidth"));
    BROWSER.dark(false);
    BROWSER.scripts(true);
    show(page);
    assertEquals("With", BROWSER.text());
    assertEquals("rgba(17, 17, 17, 1)", BROWSER.find("p").getCssValue("color"));
  }

  @Test
  void tellsWhatSomePeopleCannotRead() {
    String page = "<main><h1>A page</h1><p style='color: %s; background: #fff'>Text</p></main>";
    show(page.formatted("#ccc"));
    List<String> barriers = BROWSER.barriers();
    assertEquals(1, barriers.size(), barriers::toString);
    assertTrue(barriers.get(0).startsWith("color-contrast: "), barriers::toString);
    show(page.formatted("#333"));
    assertEquals(List.of(), BROWSER.barriers());
  }

  @Test
  void isAsNewForEachTest() {
    assertEquals("about:blank", BROWSER.driver().getCurrentUrl());
    assertEquals(1280L, BROWSER.run("return innerWidth"));
    assertFalse((Boolean) BROWSER.run("return matchMedia('(prefers-color-scheme: dark)').matches"));
    assertEquals(List.of(), BROWSER.asked());
  }
}
