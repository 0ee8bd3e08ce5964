// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.interactions.Actions;
import org.pushserver.fake.Browser;

/** The console for readers of all kinds: small and dark screens, keyboards, no scripts. */
@Timeout(120)
class ConsoleLooksIT {
  @RegisterExtension static final Browser BROWSER = new Browser();

  @RegisterExtension static final BrowsedConsole CONSOLE = new BrowsedConsole(BROWSER);

  @Test
  void nothingIsWiderThanAPhone() {
    CONSOLE.comeIn();
    BROWSER.width(400);
    CONSOLE
        .pages()
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
    BROWSER.open(CONSOLE.page("/console/login"));
    tabTo("key");
    type(ConsoleDoor.OPERATOR + Keys.ENTER);
    BROWSER.find("#q");
    tabTo("q");
    type(BrowsedConsole.CALL + Keys.ENTER);
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
    CONSOLE.comeIn();
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
    CONSOLE.logIn(CONSOLE.door(), ConsoleDoor.OPERATOR);
    CONSOLE.search(BrowsedConsole.CALL);
    BROWSER.follow("#ladder");
    assertTrue(BROWSER.find("#steps").getText().contains("503"));
    CONSOLE
        .pages()
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
    CONSOLE.comeIn();
    BROWSER.zone("Asia/Kathmandu");
    BROWSER.open(CONSOLE.call(BrowsedConsole.CALL));
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
    BROWSER.open(CONSOLE.page("/console/login"));
    barriers.put("login", BROWSER.barriers());
    CONSOLE.comeIn();
    Map<String, URI> pages = CONSOLE.pages();
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
}
