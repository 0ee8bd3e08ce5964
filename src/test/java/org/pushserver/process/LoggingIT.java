// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.http.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Command;
import org.pushserver.sandbox.SandboxApp;

/** The logs of a server in a process of its own: what is in them, and that they stop nothing. */
@Timeout(120)
class LoggingIT {
  private static final long PATIENCE_S = 20;

  /** A compact JWT: provider tokens and assertions. */
  private static final Pattern JWT = Pattern.compile("eyJ[\\w-]+\\.eyJ[\\w-]+\\.[\\w-]+");

  /** The sandbox's access tokens. */
  private static final Pattern OAUTH = Pattern.compile("sandbox\\.[0-9a-f]{8}-");

  @TempDir private Path directory;

  @RegisterExtension
  private final Program program =
      new Program(
          () -> directory,
          Stream.concat(
                  SandboxApp.DEFAULTS.stream(),
                  Stream.of(
                      new SandboxApp(
                          "legacy",
                          "com.example.legacy",
                          "sylk",
                          "firebase",
                          SandboxApp.Credentials.LEGACY_KEY),
                      new SandboxApp(
                          "cert",
                          "com.example.cert",
                          "sylk",
                          "apple",
                          SandboxApp.Credentials.CERTIFICATE)))
              .toList());

  private ServerProcess server;

  private void serve(String... lines) throws Exception {
    Path general = program.config.resolve("general.ini");
    Files.writeString(
        general,
        Files.readString(general).replace("log_to_file = false", String.join("\n", lines)));
    server = program.start();
  }

  private void assertPushesGoOn() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      answers.add(server.push(String.format(Locale.ROOT, "%064x", 0xabc0000 + i)));
    }
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertEquals(200, await(answer).statusCode());
    }
  }

  @Test
  void aFullDiskStopsNoPushAndTheConsoleSaysSo() throws Exception {
    serve("log_to_file = yes", "log_file = /dev/full");
    assertPushesGoOn();
    server.untilLogged("the log to the file fails: No space left on device; lines");
    server.signal("TERM");
    assertEquals(0, server.exitCode(PATIENCE_S));
  }

  @Test
  void aPipeThatNobodyReadsStopsNoPushAndNotTheEnd() throws Exception {
    Path pipe = directory.resolve("pipe");
    assertEquals(0, Command.of("mkfifo", pipe.toString()).run().code());
    serve("log_to_file = yes", "log_file = " + pipe, "debug = yes");
    assertPushesGoOn();
    server.signal("TERM");
    assertEquals(0, server.exitCode(PATIENCE_S));
  }

  @Test
  void oneCallIsFollowedByItsCallIdFromTheRequestToTheEnd() throws Exception {
    Path file = directory.resolve("push.log");
    serve("log_to_file = yes", "log_file = " + file, "log_format = json");
    String token = "fa11" + "0".repeat(60);
    assertEquals(200, await(server.push(token)).statusCode());
    server.signal("TERM");
    assertEquals(0, server.exitCode(PATIENCE_S));
    List<String> names = new ArrayList<>();
    for (String line : Files.readAllLines(file)) {
      JsonObject json = new JsonObject(line);
      if (token.equals(json.getString("call_id"))) {
        names.add(json.getString("line"));
        assertEquals("com.example.phone", json.getString("app_id"));
        assertEquals("apple", json.getString("platform"));
        assertEquals("incoming_session", json.getString("event"));
        assertEquals("fa110000...", json.getString("device"));
      }
    }
    assertEquals(List.of("incoming", "attempt", "attempt", "outcome"), names);
  }

  @Test
  void aChangedLogIsWrittenToWithoutARestart() throws Exception {
    Path file = directory.resolve("push.log");
    serve("log_to_file = no");
    Path general = program.config.resolve("general.ini");
    Files.writeString(
        general,
        Files.readString(general)
            .replace("log_to_file = no", "log_to_file = yes\ndebug = yes\nlog_file = " + file));
    server.signal("HUP");
    server.untilLogged("the configuration was read anew and is in use");
    assertPushesGoOn();
    server.signal("TERM");
    assertEquals(0, server.exitCode(PATIENCE_S));
    String log = Files.readString(file);
    assertTrue(log.contains(" push outcome call-id=") && log.contains(" push wire call-id="));
  }

  @Test
  void noSecretIsInAnyLogNorInAReportWhateverHappensAtDebugLevel() throws Exception {
    BlockingQueue<String> reports = new LinkedBlockingQueue<>();
    HttpServer collector =
        await(
            program
                .vertx
                .createHttpServer()
                .requestHandler(
                    request ->
                        request
                            .body()
                            .onSuccess(
                                body -> {
                                  reports.add(body.toString());
                                  request.response().end("{}");
                                }))
                .listen(0, "127.0.0.1"));
    Path applications = program.config.resolve("applications.ini");
    Files.writeString(
        applications,
        Files.readString(applications)
            + "\n[proxied]\napp_id = com.example.proxied\napp_type = sylk\napp_platform = apple\n"
            + "apple_certificate = apns-client.pem\nproxy_url = http://joe:PROXYPASS77@127.0.0.1:1\n"
            + "\n[DEFAULT]\nlog_remote_urls = http://joe:URLPASS77@127.0.0.1:"
            + collector.actualPort()
            + "/?q=QUERY77\nlog_remote_secret = HMACSECRET77\n");
    Path file = directory.resolve("push.log");
    serve("debug = yes", "log_to_file = yes", "log_file = " + file);
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    int count = 0;
    for (String app :
        List.of(
            "com.example.phone/apple",
            "com.example.phone/firebase",
            "com.example.legacy/firebase",
            "com.example.cert/apple",
            "com.example.nowhere/apple")) {
      for (String token : List.of("ab", "dead", "bad0", "busy", "fail", "lost")) {
        for (String event : List.of("incoming_session", "cancel", "message")) {
          answers.add(push(app, hex(token), event + "-" + token, event));
          count += app.contains("nowhere") ? 0 : 1;
        }
      }
    }
    for (CompletableFuture<HttpResponse<String>> answer : answers) {
      assertTrue(await(answer).statusCode() >= 200);
    }
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < count; i++) {
      String report = reports.poll(PATIENCE_S, TimeUnit.SECONDS);
      assertTrue(report != null, "a report for each push");
      all.append(report).append('\n');
    }
    server.signal("TERM");
    assertEquals(0, server.exitCode(PATIENCE_S));
    String log = Files.readString(file);
    // What debug adds is there, else this proves nothing.
    for (String name : List.of("request", "answer", "exchange", "wire", "collector")) {
      assertTrue(log.contains(" push " + name + " call-id="), name);
    }
    assertTrue(log.contains("authorization: (hidden)"), "headers are logged");
    assertTrue(log.contains("cannot reach the proxy"), "the proxy is told of");
    all.append(log).append(server.log());
    for (String secret : secrets()) {
      assertFalse(all.indexOf(secret) >= 0, () -> "found: " + secret);
    }
    assertFalse(JWT.matcher(all).find(), "a signed token");
    assertFalse(OAUTH.matcher(all).find(), "an access token");
  }

  /** Apple's tokens are hexadecimal, and each word for a fault has a spelling that is. */
  private static String hex(String word) {
    String spelled =
        switch (word) {
          case "busy" -> "b057";
          case "fail" -> "fa11";
          case "lost" -> "1057";
          default -> word;
        };
    return spelled + "0".repeat(64 - spelled.length());
  }

  private CompletableFuture<HttpResponse<String>> push(
      String app, String token, String callId, String event) {
    String[] names = app.split("/", -1);
    JsonObject request =
        new JsonObject()
            .put("app-id", names[0])
            .put("platform", names[1])
            .put("token", token)
            .put("call-id", callId)
            .put("from", "sip:alice@example.com")
            .put("to", "sip:bob@example.com")
            .put("event", event)
            .put("media-type", "audio");
    return server.post(
        request.encode(), "Authorization", "Bearer CALLERKEY77", "X-API-Key", "APIKEY77");
  }

  private List<String> secrets() throws Exception {
    List<String> secrets =
        new ArrayList<>(
            List.of(
                "CALLERKEY77", "APIKEY77", "URLPASS77", "PROXYPASS77", "QUERY77", "HMACSECRET77"));
    Path credentials = program.config.resolve("credentials");
    for (String name : List.of("apns.p8", "apns-client.pem")) {
      Files.readAllLines(credentials.resolve(name)).stream()
          .filter(line -> !line.startsWith("-----") && line.length() > 20)
          .forEach(secrets::add);
    }
    JsonObject account = new JsonObject(Files.readString(credentials.resolve("firebase.json")));
    account
        .getString("private_key")
        .lines()
        .filter(line -> !line.startsWith("-----"))
        .forEach(secrets::add);
    Files.readAllLines(program.config.resolve("applications.ini")).stream()
        .filter(line -> line.startsWith("firebase_authorization_key"))
        .forEach(line -> secrets.add(line.substring(line.indexOf('=') + 1).strip()));
    assertTrue(secrets.size() > 20, () -> new JsonArray(secrets).encode());
    return secrets;
  }
}
