// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.WebElement;
import org.pushserver.fake.Browser;

/** A console with some calls in it, for the tests of one class, and what a reader does there. */
final class BrowsedConsole implements BeforeAllCallback, AfterAllCallback {
  /** A call of two devices: the push service of one was busy at first. */
  static final String CALL = "4711@pbx.example.com";

  /** A call whose phone has lost the app. */
  static final String FAILED = "4712@pbx.example.com";

  static final String WAITING = "4713@pbx.example.com";

  private final Browser browser;

  private ConsoleDoor door;

  /** Of an operator who has logged in; null before the first. */
  private Cookie session;

  BrowsedConsole(Browser browser) {
    this.browser = browser;
  }

  /** What they come in by. */
  ConsoleDoor door() {
    return door;
  }

  @Override
  public void beforeAll(ExtensionContext tests) {
    door = new ConsoleDoor();
    long at = door.time.now();
    door.trail.put(TrailSamples.refused(null, "192.0.2.7", "The API key is not known", at - 9000));
    door.trail.put(TrailSamples.delivered(ConsoleDoor.PHONE, CALL, "iphone-of-bob", at - 5000));
    door.trail.put(TrailSamples.delivered(ConsoleDoor.OTHER, CALL, "tablet-of-bob", at - 4990));
    door.trail.put(TrailSamples.dead(ConsoleDoor.PHONE, FAILED, "old-phone-of-bob", at - 3000));
    door.trail.put(TrailSamples.waiting(ConsoleDoor.PHONE, WAITING, "phone-of-carol", at - 1000));
  }

  @Override
  public void afterAll(ExtensionContext tests) {
    if (door != null) {
      door.close();
    }
  }

  URI page(String path) {
    return page(door, path);
  }

  URI page(ConsoleDoor of, String path) {
    return URI.create("http://127.0.0.1:" + of.port() + path);
  }

  URI call(String callId) {
    return page("/console/call?call-id=" + ConsoleBrowser.encoded(callId));
  }

  URI found(String text) {
    return page("/console?q=" + ConsoleBrowser.encoded(text));
  }

  /** Comes as an operator; from the second time on as one who has logged in before. */
  void comeIn() {
    if (session == null) {
      logIn(door, ConsoleDoor.OPERATOR);
      session = browser.driver().manage().getCookies().iterator().next();
    } else {
      browser.cookie(page("/console"), session);
      browser.open(page("/console"));
      browser.find("#logout");
    }
  }

  void logIn(ConsoleDoor to, String key) {
    // An address may try once a second.
    to.time.advance(Duration.ofSeconds(1));
    browser.open(page(to, "/console/login"));
    browser.find("#key").sendKeys(key);
    browser.follow("#login");
    browser.find("#logout");
  }

  void search(String text) {
    WebElement box = browser.find("#q");
    box.clear();
    box.sendKeys(text);
    browser.follow("#go");
  }

  List<String> rows() {
    Object rows =
        browser.run("return [...document.querySelectorAll('#rows tr')].map(r => r.innerText)");
    return ((List<?>) rows).stream().map(String::valueOf).toList();
  }

  URI address() {
    return URI.create(browser.driver().getCurrentUrl());
  }

  /** Every page, by its name, as the operator sees it. */
  Map<String, URI> pages() {
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
}
