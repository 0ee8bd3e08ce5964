// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pbx;

import static org.pushserver.fake.Await.await;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pushserver.RunningServer;
import org.pushserver.fake.Await;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.TestSandbox;
import org.pushserver.sandbox.Fault;
import org.pushserver.sandbox.Notification;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;

/**
 * Phones that sleep until a push wakes them, with the server and the sandbox that push them. The
 * name of one ends with its platform; what begins with {@code dead} has lost the app.
 */
final class Phones implements BeforeEachCallback, AfterEachCallback {
  /** How many may wake at once. */
  private static final int WAKING = 4;

  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A push that a phone got.
   *
   * @param name what it shows
   */
  record Seen(String phone, String event, String callId, String name, Instant time) {}

  private final Supplier<Path> directory;
  private final Vertx vertx = Vertx.vertx();
  private final LogTrail log = new LogTrail("org.pushserver.push", Level.INFO);
  private final Map<String, String> rows = new ConcurrentHashMap<>();
  private final Set<String> wakeful = ConcurrentHashMap.newKeySet();
  private final Set<String> woken = new HashSet<>();
  private final ExecutorService wakers = Executors.newFixedThreadPool(WAKING);
  private Sandbox sandbox;
  private volatile RunningServer server;
  private int serverPort;
  private int phonePort;

  /** Of phones that sleep for good: takes what comes and never answers. */
  private DatagramSocket deaf;

  private Sipp sipp;

  /**
   * @param directory where everything is to be; asked for when a test begins
   */
  Phones(Supplier<Path> directory) {
    this.directory = directory;
  }

  @Override
  public void beforeEach(ExtensionContext test) throws IOException {
    sandbox = await(TestSandbox.start(vertx, SandboxOptions.in(directory.get())));
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        DatagramSocket phone = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      serverPort = free.getLocalPort();
      phonePort = phone.getLocalPort();
    }
    deaf = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    // The same one after each start.
    Path general = sandbox.configDirectory().resolve("general.ini");
    Files.writeString(
        general,
        Files.readString(general)
            .replaceFirst("(?m)^port = .*$", "port = " + serverPort + "\nacks = yes"));
    startServer();
    listen(0);
  }

  private void startServer() {
    server = await(RunningServer.start(vertx, sandbox.configDirectory()));
  }

  /** Where the server listens, also after another start. */
  int serverPort() {
    return serverPort;
  }

  /** Says which SIPp plays the phones. */
  void registerWith(Sipp newSipp) throws IOException {
    sipp = newSipp;
    sipp.answering(phonePort);
  }

  /** These are registered and sleep for good. */
  void sleeping(String... names) throws Exception {
    register(Stream.of(names).map(name -> row(name, name, deaf.getLocalPort())).toList());
  }

  /** These are registered, and register anew when a push rings them. */
  void wakingWhenRung(String... names) throws Exception {
    wakeful.addAll(List.of(names));
    register(Stream.of(names).map(name -> row(name, name, phonePort)).toList());
  }

  /** A further phone of one's, which sleeps for good. */
  void registerAlso(String owner, String name) throws Exception {
    register(List.of(row(owner, name, deaf.getLocalPort())));
  }

  private void register(List<String> wanted) throws Exception {
    sipp.scenario("register", wanted, "-r", "200").play();
  }

  private String row(String user, String name, int port) {
    String row =
        name.endsWith("-iphone")
            ? "apns;DEF123GHIJ.com.example.phone.voip;" + hex(name)
            : "fcm;com.example.phone;" + name;
    String whole = user + ";" + port + ";" + row;
    rows.put(name, whole);
    return whole;
  }

  /** What an iPhone's token is like, for a name. */
  private static String hex(String name) {
    StringBuilder hex = new StringBuilder();
    name.chars().forEach(character -> hex.append(String.format(Locale.ROOT, "%02x", character)));
    return hex.toString();
  }

  private void listen(long after) {
    sandbox
        .journal()
        .next(after)
        .onSuccess(
            one -> {
              wake(one);
              listen(one.seq());
            });
  }

  private void wake(Notification notification) {
    Seen seen = seen(notification);
    synchronized (woken) {
      if (notification.status() != 200
          || !seen.event().equals("incoming_session")
          || !wakeful.contains(seen.phone())
          || !woken.add(seen.phone())) {
        return;
      }
    }
    wakers.execute(
        () -> {
          try {
            register(List.of(rows.get(seen.phone())));
          } catch (Exception e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private Seen seen(Notification notification) {
    try {
      JsonNode body = JSON.readTree(notification.body());
      JsonNode message = body.path("message");
      boolean android = !message.isMissingNode();
      JsonNode data = android ? message.path("data") : body;
      String token =
          android
              ? message.path("token").textValue()
              : notification.path().substring(notification.path().lastIndexOf('/') + 1);
      return new Seen(
          android ? token : name(token),
          data.path("event").asText(),
          data.path("call-id").asText(),
          data.path("from_display_name").asText(),
          notification.time());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String name(String hex) {
    return rows.keySet().stream().filter(name -> hex(name).equals(hex)).findFirst().orElse(hex);
  }

  private List<Notification> taken() {
    return sandbox.journal().list().stream().filter(one -> one.status() == 200).toList();
  }

  /** What phones got, in order. */
  List<Seen> seen() {
    return taken().stream().map(this::seen).toList();
  }

  /** Waits until phones got so much. */
  void untilSeen(int count) throws Exception {
    Await.until(() -> seen().size() >= count, () -> seen() + "\n" + String.join("\n", log.lines()));
  }

  /** Which phones were made ring, one by one. */
  List<String> rung() {
    return seen().stream()
        .filter(one -> one.event().equals("incoming_session"))
        .map(Seen::phone)
        .toList();
  }

  /** What phones got, as it was sent. */
  String bodies() {
    return String.join("\n", taken().stream().map(Notification::body).toList());
  }

  /** Apple and Google cannot be reached. */
  void servicesDown() {
    sandbox.faults().add(Fault.of(Fault.Kind.DOWN));
  }

  void servicesUp() {
    sandbox.faults().clear();
  }

  /** Waits for a line of the log of pushes. */
  void untilLogged(String part) {
    String unused = log.untilLogged(part);
  }

  /** Waits until so many rings have ended. */
  void untilEnded(int count) throws Exception {
    Await.until(() -> log.count("outcome") >= count, () -> String.join("\n", log.lines()));
  }

  /** Waits until so many lines of it have this in them. */
  void untilCounted(String part, int count) throws Exception {
    Await.until(() -> log.count(part) >= count, () -> String.join("\n", log.lines()));
  }

  /** How many lines of it have this in them. */
  long logged(String part) {
    return log.count(part);
  }

  /** Ends the server once so many phones were rung, and starts another. */
  void restartServerAfter(int count) {
    try {
      Await.until(() -> rung().size() >= count, () -> rung().toString());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
    await(server.stop());
    startServer();
  }

  /**
   * Ends the server. Who asks next is told that it stops, and then another one starts.
   *
   * @return completes when it has started
   */
  Future<Void> restartServerWhenAsked() {
    await(server.stop());
    Promise<Void> asked = Promise.promise();
    HttpServer stopping =
        await(
            vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .response()
                            .setStatusCode(503)
                            .putHeader("Retry-After", "1")
                            .putHeader("Connection", "close")
                            .end("code=503&description=The%20server%20is%20shutting%20down")
                            .onComplete(told -> asked.tryComplete()))
                .listen(serverPort, "127.0.0.1"));
    return asked
        .future()
        .compose(told -> stopping.close())
        .compose(closed -> RunningServer.start(vertx, sandbox.configDirectory()))
        .onSuccess(started -> server = started)
        .mapEmpty();
  }

  @Override
  public void afterEach(ExtensionContext test) throws IOException {
    wakers.shutdownNow();
    // What still waits has nobody left who asks for it.
    Path general = sandbox.configDirectory().resolve("general.ini");
    Files.writeString(
        general,
        Files.readString(general).replaceFirst("(?m)^port = .*$", "$0\ndrain_timeout = 1"));
    await(server.reload());
    log.close();
    if (deaf != null) {
      deaf.close();
    }
    // Also what a test has left half started.
    await(vertx.close());
  }
}
