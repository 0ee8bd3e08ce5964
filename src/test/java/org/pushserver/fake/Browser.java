// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.StaleElementReferenceException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.remote.http.ClientConfig;
import org.openqa.selenium.support.ui.ExpectedCondition;
import org.openqa.selenium.support.ui.WebDriverWait;

/**
 * A real browser without a window, for the tests of one class: starts in about two seconds, and
 * ends when the class has ended, however it ended. It reaches 127.0.0.1 and nobody else. After each
 * test its log must be empty, and it is as new again. Without Debian's Chromium the class is left
 * out. For the test's thread.
 */
public final class Browser implements BeforeAllCallback, AfterAllCallback, AfterEachCallback {
  /** Every name, and every address but ours, is unknown to it. */
  private static final String REACHES_NOBODY =
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1";

  /** Says that it does not know the newest Chromium; what is used here it knows. Held, or lost. */
  private static final Logger SELENIUM = Logger.getLogger("org.openqa.selenium");

  private static final String AXE = axe();

  private static final ObjectMapper JSON = new ObjectMapper();

  /** As wide as a small desktop's window. */
  private static final int WIDTH = 1280;

  private static final int HEIGHT = 900;

  private Path profile;
  private ChromeDriverService service;
  private ChromeDriver driver;

  @Override
  public void beforeAll(ExtensionContext context) throws Exception {
    Path chromium = Programs.find("chromium").orElse(null);
    Path chromedriver = Programs.find("chromedriver").orElse(null);
    assumeTrue(
        chromium != null && chromedriver != null,
        "no Chromium, or no driver for it, on this machine: see bin/check");
    SELENIUM.setLevel(Level.SEVERE);
    Path target = Path.of("target").toAbsolutePath();
    profile = Files.createTempDirectory(Files.createDirectories(target.resolve("browser")), "p");
    service =
        new ChromeDriverService.Builder()
            .usingDriverExecutable(chromedriver.toFile())
            .usingAnyFreePort()
            .withLogFile(target.resolve("chromedriver.log").toFile())
            .withEnvironment(Map.of("HOME", profile.toString(), "SE_OFFLINE", "true"))
            .build();
    try {
      ClientConfig patient =
          ClientConfig.defaultConfig().readTimeout(Await.PATIENCE.multipliedBy(2));
      driver = new ChromeDriver(service, options(chromium), patient);
      driver.manage().timeouts().pageLoadTimeout(Await.PATIENCE).scriptTimeout(Await.PATIENCE);
      // Its own first page is there sooner or later.
      open(URI.create("about:blank"));
      var unused = asked();
    } catch (RuntimeException | Error e) {
      end();
      throw e;
    }
  }

  private ChromeOptions options(Path chromium) {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    logs.enable(LogType.PERFORMANCE, Level.INFO);
    ChromeOptions options = new ChromeOptions();
    options.setBinary(chromium.toFile());
    options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    options.addArguments(
        "--headless=new",
        // Root may not start it otherwise. All that it shows is ours.
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-gpu",
        "--window-size=" + WIDTH + "," + HEIGHT,
        "--user-data-dir=" + profile,
        "--no-first-run",
        "--no-pings",
        "--no-proxy-server",
        "--disable-extensions",
        "--disable-sync",
        "--disable-default-apps",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-features=AutofillServerCommunication,OptimizationHints,"
            + "OptimizationGuideModelDownloading,MediaRouter",
        "--lang=en",
        REACHES_NOBODY);
    return options;
  }

  @Override
  public void afterEach(ExtensionContext context) {
    List<String> problems = problems();
    width(WIDTH);
    scripts(true);
    dark(false);
    zone("");
    driver.manage().deleteAllCookies();
    open(URI.create("about:blank"));
    var unused = asked();
    assertEquals(List.of(), problems, "the browser's log");
  }

  @Override
  public void afterAll(ExtensionContext context) throws Exception {
    end();
  }

  /** Also what does not end by itself. */
  private void end() throws IOException {
    List<ProcessHandle> children = ProcessHandle.current().descendants().toList();
    List<ProcessHandle> ours =
        children.stream().filter(child -> commandOf(child).contains("chrom")).toList();
    try {
      if (driver != null) {
        driver.quit();
      }
    } finally {
      if (service != null) {
        service.stop();
      }
      ours.forEach(ProcessHandle::destroyForcibly);
      ours.forEach(process -> Await.await(process.onExit()));
      deleteProfile();
    }
  }

  private static String commandOf(ProcessHandle process) {
    return process.info().command().orElse("");
  }

  private void deleteProfile() throws IOException {
    if (profile != null) {
      try (Stream<Path> files = Files.walk(profile)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  /** All that Selenium can. */
  public ChromeDriver driver() {
    return driver;
  }

  /** Opens a page, and waits until it is there with all that belongs to it. */
  public void open(URI page) {
    driver.get(page.toString());
  }

  /** The first element that a CSS selector finds; waits until there is one. */
  @CanIgnoreReturnValue
  public WebElement find(String selector) {
    return until(on -> on.findElements(By.cssSelector(selector)).stream().findFirst().orElse(null));
  }

  /** All that a CSS selector finds now. */
  public List<WebElement> all(String selector) {
    return driver.findElements(By.cssSelector(selector));
  }

  /** Clicks on what leads to another page, and waits until that is there. */
  public void follow(String selector) {
    WebElement link = find(selector);
    run("window.isLeft = true");
    link.click();
    until(on -> run("return !window.isLeft && document.readyState === 'complete'"));
  }

  /** What is to be read on the page. */
  public String text() {
    return find("body").getText();
  }

  /** Waits until the condition gives something, and that is not false. */
  @CanIgnoreReturnValue
  public <T> T until(ExpectedCondition<T> condition) {
    return new WebDriverWait(driver, Await.PATIENCE, Duration.ofMillis(20))
        .ignoring(StaleElementReferenceException.class)
        .until(condition);
  }

  /** Runs JavaScript in the page, as its console would; tells what it returned. */
  @CanIgnoreReturnValue
  public Object run(String script, Object... arguments) {
    return driver.executeScript(script, arguments);
  }

  /** Shows pages from now on as a device of this width does. CSS pixels. */
  public void width(int pixels) {
    tell(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", pixels, "height", HEIGHT, "deviceScaleFactor", 1, "mobile", false));
  }

  /** Whether its reader wants dark pages. */
  public void dark(boolean wanted) {
    Map<String, String> scheme =
        Map.of("name", "prefers-color-scheme", "value", wanted ? "dark" : "light");
    tell("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
  }

  /** Where its reader lives, such as {@code Asia/Kolkata}. */
  public void zone(String name) {
    tell("Emulation.setTimezoneOverride", Map.of("timezoneId", name));
  }

  /** Whether pages may run JavaScript. */
  public void scripts(boolean allowed) {
    tell("Emulation.setScriptExecutionDisabled", Map.of("value", !allowed));
  }

  /** Gives it a cookie as if that page had set it. */
  public void cookie(URI page, Cookie cookie) {
    tell(
        "Network.setCookie",
        Map.of(
            "url", page.toString(),
            "name", cookie.getName(),
            "value", cookie.getValue(),
            "path", cookie.getPath(),
            "httpOnly", cookie.isHttpOnly(),
            "sameSite", cookie.getSameSite()));
  }

  /** A command of Chromium's own protocol. */
  private void tell(String command, Map<String, Object> parameters) {
    var unused = driver.executeCdpCommand(command, parameters);
  }

  /**
   * What its log has said since this was asked last: errors of scripts, what the page may not load
   * or run, what could not be loaded. A test that wants such lines asks for them; others fail.
   */
  @CanIgnoreReturnValue
  public List<String> problems() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(line -> line.getLevel().intValue() >= Level.WARNING.intValue())
        .map(line -> line.getLevel() + " " + line.getMessage())
        .toList();
  }

  /** The addresses that pages wanted to reach since this was asked last. */
  public List<URI> asked() {
    List<URI> asked = new ArrayList<>();
    for (var line : driver.manage().logs().get(LogType.PERFORMANCE)) {
      JsonNode message = parse(line.getMessage()).path("message");
      if (message.path("method").asText().equals("Network.requestWillBeSent")) {
        asked.add(URI.create(message.path("params").path("request").path("url").asText()));
      }
    }
    return asked;
  }

  private static JsonNode parse(String json) {
    try {
      return JSON.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What on the page some people could not read or use, by the rules of axe; in words.
   *
   * @param rules those alone; without any, all. Only {@code color-contrast} depends on {@link
   *     #dark}
   */
  public List<String> barriers(String... rules) {
    if (run("return window.axe ? true : null") == null) {
      run(AXE);
    }
    Object found =
        driver.executeAsyncScript(
            """
            const [rules, done] = arguments;
            const options = { resultTypes: ['violations'], preload: false };
            if (rules.length) options.runOnly = rules;
            axe.run(document, options).then(
              all => done(all.violations.flatMap(rule => rule.nodes.map(node =>
                `${rule.id}: ${node.html} ${node.failureSummary}`))),
              error => done([String(error)]));
            """,
            List.of(rules));
    return ((List<?>) found).stream().map(String::valueOf).toList();
  }

  private static String axe() {
    try (InputStream in = Browser.class.getResourceAsStream("/axe.min.js")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Makes a picture of what is to be seen, for the pages in src/docs: a PNG in target/pictures, or
   * where the system property {@code pushserver.pictures} says.
   *
   * @param height of the picture; 0 for all of the page
   */
  public void picture(String name, int height) throws IOException {
    Path folder = Path.of(System.getProperty("pushserver.pictures", "target/pictures"));
    Number width = (Number) run("return innerWidth");
    Number whole = (Number) run("return document.documentElement.scrollHeight");
    Map<String, Object> clip =
        Map.of("x", 0, "y", 0, "width", width, "height", height == 0 ? whole : height, "scale", 1);
    Map<String, Object> shot =
        driver.executeCdpCommand(
            "Page.captureScreenshot", Map.of("clip", clip, "captureBeyondViewport", true));
    Files.createDirectories(folder);
    Files.write(
        folder.resolve(name + ".png"), Base64.getDecoder().decode((String) shot.get("data")));
  }
}
