// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pushserver.fake.Await.await;

import ch.qos.logback.classic.Level;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pushserver.RunningServer;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.TestSandbox;
import org.pushserver.sandbox.Notification;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;

/** A server in this JVM whose configuration a test edits, and the sandbox that it sends to. */
final class ReloadFixture implements BeforeEachCallback, AfterEachCallback {
  static final String PHONE = "com.example.phone";
  static final String LINPHONE = "com.example.linphone";

  /** How long what has gone from the configuration is held, unless a test is about that. */
  private static final Duration SHORT = Duration.ofMillis(300);

  final Vertx vertx = Vertx.vertx();
  Sandbox sandbox;

  /** The sandbox's own, unless the server is started elsewhere. */
  Path config;

  private final Supplier<Path> directory;
  private final LogTrail log = new LogTrail("org.pushserver", Level.INFO);
  private final HttpClient http = HttpClient.newHttpClient();
  private RunningServer server;

  /**
   * @param directory where everything is to be; empty, and asked for when a test begins
   */
  ReloadFixture(Supplier<Path> directory) {
    this.directory = directory;
  }

  @Override
  public void beforeEach(ExtensionContext test) {
    sandbox = await(TestSandbox.start(vertx, SandboxOptions.in(directory.get())));
    config = sandbox.configDirectory();
  }

  Sandbox anotherSandbox(Path directory) {
    return await(Sandbox.start(vertx, SandboxOptions.in(directory)));
  }

  /** Starts the server with what is configured now. */
  void start() {
    start(config);
  }

  void start(Path directory) {
    start(directory, SHORT);
  }

  /**
   * @param patience how long what has gone from the configuration is held
   */
  void start(Path directory, Duration patience) {
    server = await(RunningServer.start(vertx, directory, patience));
    await(server.watch());
  }

  /** Changes a file of the configuration directory, as an editor does: it puts another there. */
  void edit(String file, UnaryOperator<String> change) throws IOException {
    String before = Files.readString(config.resolve(file));
    String after = change.apply(before);
    if (after.equals(before)) {
      throw new AssertionError("the edit of " + file + " changes nothing:\n" + before);
    }
    write(file, after);
  }

  void write(String file, String text) throws IOException {
    Path target = config.resolve(file);
    Path draft = Files.writeString(target.resolveSibling(target.getFileName() + "~"), text);
    Files.move(draft, target, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Adds lines to one section of applications.ini. */
  void set(String section, String... keys) throws IOException {
    String head = "[" + section + "]\n";
    edit("applications.ini", text -> text.replace(head, head + String.join("\n", keys) + "\n"));
  }

  /** One section of the text. */
  static String section(String section, String text) {
    String rest = without(section, text);
    int start = text.indexOf("[" + section + "]");
    return text.substring(start, start + text.length() - rest.length());
  }

  /** The text without one section. */
  static String without(String section, String text) {
    return text.replaceFirst("(?s)\\[" + section + "\\]\n.*?(?=\n\\[|\\z)", "");
  }

  /** Asks the server to read its configuration; tells whether it is in use now. */
  @CanIgnoreReturnValue
  boolean reload() {
    return await(server.check());
  }

  /** Stops the server, as the program does; once. */
  Future<Void> stopServer() {
    RunningServer stopping = server;
    server = null;
    return stopping.stop();
  }

  RunningServer server() {
    return server;
  }

  int port() {
    return server.port();
  }

  /** Asks for a ring on an iPhone; the call-id is the token. */
  CompletableFuture<HttpResponse<String>> ring(String appId, String token) {
    return ring(appId, "apple", token);
  }

  CompletableFuture<HttpResponse<String>> ring(String appId, String platform, String token) {
    JsonObject ring =
        new JsonObject()
            .put("app-id", appId)
            .put("platform", platform)
            .put("token", token)
            .put("call-id", token)
            .put("from", "sip:alice@example.com")
            .put("to", "sip:bob@example.com")
            .put("event", "incoming_session")
            .put("media-type", "audio");
    URI url = URI.create("http://127.0.0.1:" + server.port() + "/push");
    return http.sendAsync(
        HttpRequest.newBuilder(url)
            .POST(HttpRequest.BodyPublishers.ofString(ring.encode()))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** The text of one of the server's pages. */
  String get(String path) throws Exception {
    URI url = URI.create("http://127.0.0.1:" + server.port() + path);
    return http.send(HttpRequest.newBuilder(url).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** Rings an iPhone, which must work. */
  void assertRings(String appId, int number) {
    HttpResponse<String> answer = ended(ring(appId, token(number)));
    assertEquals(200, answer.statusCode(), answer::body);
  }

  /** The status of a ring, once it has ended. */
  int rung(String appId, String token) {
    return ended(ring(appId, token)).statusCode();
  }

  static HttpResponse<String> ended(CompletableFuture<HttpResponse<String>> ring) {
    return await(ring);
  }

  /** A token for an iPhone, different for each number. */
  static String token(int number) {
    return String.format(Locale.ROOT, "%064x", 0xc0ffee000L + number);
  }

  /** What arrived for a token, in order. */
  List<Notification> arrived(String token) {
    return sandbox.journal().list().stream().filter(one -> one.path().endsWith(token)).toList();
  }

  /** The connection over which the last push for a token came. */
  String connection(String token) {
    List<Notification> all = arrived(token);
    return all.get(all.size() - 1).connection();
  }

  /** Waits for a line of the log with this in it; earlier lines count, too. */
  void untilLogged(String part) {
    String unused = log.untilLogged(part);
  }

  /** How many lines of the log have this in them. */
  long logged(String part) {
    return log.count(part);
  }

  /** The lines at ERROR that are about the configuration, without the directory. */
  List<String> errors() {
    return log.events()
        .filter(line -> line.getLoggerName().equals(RunningServer.PROBLEMS))
        .filter(line -> line.getLevel() == Level.ERROR)
        .map(line -> line.getFormattedMessage().replace(config + "/", ""))
        .toList();
  }

  void forgetLog() {
    log.forget();
  }

  @Override
  public void afterEach(ExtensionContext test) {
    if (server != null) {
      await(stopServer());
    }
    await(vertx.close());
    log.close();
  }
}
