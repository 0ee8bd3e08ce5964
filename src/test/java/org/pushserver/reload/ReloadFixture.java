// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.reload;

import static org.pushserver.fake.Await.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Promise;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.pushserver.RunningServer;
import org.pushserver.sandbox.Notification;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;
import org.slf4j.LoggerFactory;

/** A server in this JVM whose configuration a test edits, and the sandbox that it sends to. */
final class ReloadFixture {
  static final String PHONE = "com.example.phone";
  static final String LINPHONE = "com.example.linphone";

  /** How long what has gone from the configuration is held, unless a test is about that. */
  private static final Duration SHORT = Duration.ofMillis(300);

  private static final String OURS = "org.pushserver";

  final Vertx vertx = Vertx.vertx();
  final Sandbox sandbox;

  /** The sandbox's own, unless the server is started elsewhere. */
  final Path config;

  private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
  private final List<Expected> expected = new ArrayList<>();
  private final Appender appender = new Appender();
  private final HttpClient http = HttpClient.newHttpClient();
  private RunningServer server;

  private record Expected(String part, Promise<Void> seen) {}

  private final class Appender extends AppenderBase<ILoggingEvent> {
    @Override
    protected void append(ILoggingEvent line) {
      synchronized (expected) {
        lines.add(line);
        expected.forEach(one -> complete(one, line));
      }
    }
  }

  private static void complete(Expected one, ILoggingEvent line) {
    if (line.getFormattedMessage().contains(one.part())) {
      one.seen().tryComplete();
    }
  }

  ReloadFixture(Path directory) throws Exception {
    appender.start();
    Logger logger = (Logger) LoggerFactory.getLogger(OURS);
    logger.setLevel(Level.INFO);
    logger.setAdditive(false);
    logger.addAppender(appender);
    sandbox = anotherSandbox(directory);
    config = sandbox.configDirectory();
  }

  Sandbox anotherSandbox(Path directory) throws Exception {
    return await(Sandbox.start(vertx, SandboxOptions.in(directory)));
  }

  /** Starts the server with what is configured now. */
  void start() throws Exception {
    start(config);
  }

  void start(Path directory) throws Exception {
    start(directory, SHORT);
  }

  /**
   * @param patience how long what has gone from the configuration is held
   */
  void start(Path directory, Duration patience) throws Exception {
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

  /** The text without one section. */
  static String without(String section, String text) {
    return text.replaceFirst("(?s)\\[" + section + "\\]\n.*?(?=\n\\[|\\z)", "");
  }

  /** Asks the server to read its configuration; tells whether it is in use now. */
  @CanIgnoreReturnValue
  boolean reload() throws Exception {
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

  /** The status of a ring, once it has ended. */
  int rung(String appId, String token) throws Exception {
    return ended(ring(appId, token)).statusCode();
  }

  static HttpResponse<String> ended(CompletableFuture<HttpResponse<String>> ring) throws Exception {
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
  void untilLogged(String part) throws Exception {
    Expected one = new Expected(part, Promise.promise());
    synchronized (expected) {
      lines.forEach(line -> complete(one, line));
      expected.add(one);
    }
    await(one.seen().future());
  }

  /** How many lines of the log have this in them. */
  long logged(String part) {
    return lines.stream().filter(line -> line.getFormattedMessage().contains(part)).count();
  }

  /** The lines at ERROR that are about the configuration, without the directory. */
  List<String> errors() {
    return lines.stream()
        .filter(line -> line.getLoggerName().equals(RunningServer.PROBLEMS))
        .filter(line -> line.getLevel() == Level.ERROR)
        .map(line -> line.getFormattedMessage().replace(config + "/", ""))
        .toList();
  }

  void forgetLog() {
    lines.clear();
  }

  void close() throws Exception {
    if (server != null) {
      await(stopServer());
    }
    await(vertx.close());
    Logger logger = (Logger) LoggerFactory.getLogger(OURS);
    logger.detachAppender(appender);
    logger.setAdditive(true);
    logger.setLevel(null);
  }
}
