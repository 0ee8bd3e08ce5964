// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushserver.Main;
import org.pushserver.fake.Await;
import org.pushserver.fake.Command;

/** A server in a JVM of its own, as operators run it, and what it logs. */
final class ServerProcess {
  private static final long PATIENCE_S = 30;

  /** In words of the JVM, and of Netty. */
  private static final Pattern OUT_OF_MEMORY = Pattern.compile("OutOf(Direct)?MemoryError");

  /** As {@code /proc} has sets of signals: a bit for each. */
  private static final long HANGUP = 1L << (1 - 1);

  private static final long INTERRUPT = 1L << (2 - 1);

  private static final Pattern ACCEPTED =
      Pattern.compile("^pushserver_pushes_accepted_total\\{[^}]*} [1-9]", Pattern.MULTILINE);

  private record Expected(Pattern pattern, CompletableFuture<Matcher> seen) {}

  private final Process process;
  private final HttpClient http;
  private final List<String> lines = new ArrayList<>();
  private final List<Expected> expected = new ArrayList<>();
  private URI url;

  private ServerProcess(Process process, HttpClient http) {
    this.process = process;
    this.http = http;
  }

  /** Starts one, and returns when it serves requests. */
  static ServerProcess start(Path configDirectory, String... jvmOptions) throws Exception {
    return start(configDirectory, HttpClient.newHttpClient(), jvmOptions);
  }

  /** The same, with a client that knows its certificate. */
  static ServerProcess start(Path configDirectory, HttpClient http, String... jvmOptions)
      throws Exception {
    return start(configDirectory, List.of(), Map.of(), http, jvmOptions);
  }

  /** One that finds this in its environment. */
  static ServerProcess startWith(
      Map<String, String> environment, Path configDirectory, String... jvmOptions)
      throws Exception {
    return start(configDirectory, List.of(), environment, HttpClient.newHttpClient(), jvmOptions);
  }

  /** One that takes the place of another. */
  static ServerProcess startInPlaceOf(
      ServerProcess other, Path configDirectory, String... moreOptions) throws Exception {
    List<String> options = new ArrayList<>(List.of(moreOptions));
    options.addAll(List.of("--take-over-from", Long.toString(other.pid())));
    return start(configDirectory, options, Map.of(), HttpClient.newHttpClient());
  }

  private static ServerProcess start(
      Path configDirectory,
      List<String> options,
      Map<String, String> environment,
      HttpClient http,
      String... jvmOptions)
      throws Exception {
    ServerProcess server = begin(configDirectory, options, environment, http, jvmOptions);
    server.untilServing();
    return server;
  }

  /** Waits until it serves requests, and kills one that does not: nobody else may have it. */
  void untilServing() throws Exception {
    try {
      url = URI.create(untilLogged("requests on (https?://[^\\s\"]+)").group(1));
    } catch (Exception | AssertionError e) {
      kill();
      throw e;
    }
  }

  /** Starts one that is a member of a cluster, and returns when it serves requests. */
  static ServerProcess startMember(Path configDirectory, String... jvmOptions) throws Exception {
    return start(
        configDirectory, List.of("--cluster"), Map.of(), HttpClient.newHttpClient(), jvmOptions);
  }

  /** The same, behind another program, such as one that changes the group it runs in. */
  static ServerProcess startMemberBehind(List<String> program, Path configDirectory)
      throws Exception {
    ServerProcess server = beginMemberBehind(program, configDirectory);
    server.untilServing();
    return server;
  }

  /** Starts one behind another program, and does not wait until it serves requests. */
  static ServerProcess beginMemberBehind(List<String> program, Path configDirectory)
      throws Exception {
    return begin(
        program, configDirectory, List.of("--cluster"), Map.of(), HttpClient.newHttpClient());
  }

  /** Starts one that is a member of a cluster, and does not yet serve requests. */
  static ServerProcess beginMember(Path configDirectory, String... jvmOptions) throws Exception {
    return begin(
        configDirectory, List.of("--cluster"), Map.of(), HttpClient.newHttpClient(), jvmOptions);
  }

  /** Starts one that does not yet serve requests. */
  static ServerProcess begin(Path configDirectory) throws Exception {
    return begin(configDirectory, List.of());
  }

  /** The same, with these options. */
  static ServerProcess begin(Path configDirectory, List<String> options, String... jvmOptions)
      throws Exception {
    return begin(configDirectory, options, Map.of(), HttpClient.newHttpClient(), jvmOptions);
  }

  private static ServerProcess begin(
      Path configDirectory,
      List<String> options,
      Map<String, String> environment,
      HttpClient http,
      String... jvmOptions)
      throws Exception {
    return begin(List.of(), configDirectory, options, environment, http, jvmOptions);
  }

  private static ServerProcess begin(
      List<String> program,
      Path configDirectory,
      List<String> options,
      Map<String, String> environment,
      HttpClient http,
      String... jvmOptions)
      throws Exception {
    List<String> command = new ArrayList<>(heedingSignals());
    command.addAll(program);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    boolean isMember = options.contains("--cluster");
    command.addAll(List.of(isMember ? "-Xmx128m" : "-Xmx64m", "-XX:TieredStopAtLevel=1"));
    command.addAll(List.of("-cp", isMember ? wholeClassPath() : classPath()));
    command.addAll(List.of(jvmOptions));
    command.add(Main.class.getName());
    command.addAll(List.of("--config-dir", configDirectory.toString()));
    command.addAll(options);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    ServerProcess server = new ServerProcess(builder.start(), http);
    Thread reader = new Thread(server::readLog, "server-log");
    reader.setDaemon(true);
    reader.start();
    return server;
  }

  /**
   * Under nohup, or in the background of a script, some signals are ignored, a JVM leaves it at
   * that, and no shell may change it.
   */
  private static List<String> heedingSignals() throws IOException {
    String ignored =
        Files.readAllLines(Path.of("/proc/self/status")).stream()
            .filter(line -> line.startsWith("SigIgn:"))
            .map(line -> line.substring("SigIgn:".length()).strip())
            .findFirst()
            .orElse("0");
    return (Long.parseUnsignedLong(ignored, 16) & (HANGUP | INTERRUPT)) == 0
        ? List.of()
        : List.of("env", "--default-signal=HUP,INT");
  }

  /**
   * Without what only the tests have: their Logback configuration says little. And without what a
   * cluster needs, which Vert.x loads when it finds it; in the server's jar it does not.
   */
  static String classPath() {
    return Stream.of(wholeClassPath().split(File.pathSeparator, -1))
        .filter(entry -> !entry.contains("infinispan"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  /** With that, and all else. */
  static String wholeClassPath() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.endsWith("test-classes"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void readLog() {
    try (BufferedReader log = process.inputReader()) {
      for (String line = log.readLine(); line != null; line = log.readLine()) {
        logged(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized void logged(String line) {
    lines.add(line);
    expected.forEach(one -> complete(one, line));
  }

  private static void complete(Expected expected, String line) {
    Matcher found = expected.pattern().matcher(line);
    if (found.find()) {
      expected.seen().complete(found);
    }
  }

  /** Waits until a line of the log has this pattern; earlier lines count, too. */
  @CanIgnoreReturnValue
  Matcher untilLogged(String pattern) throws Exception {
    Expected one = new Expected(Pattern.compile(pattern), new CompletableFuture<>());
    synchronized (this) {
      lines.forEach(line -> complete(one, line));
      expected.add(one);
    }
    try {
      return one.seen().get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new AssertionError("no line has " + pattern + " in:\n" + log(), e);
    }
  }

  /** A ring on a phone of the sandbox's first application. */
  static JsonObject ring(String token) {
    return new JsonObject()
        .put("app-id", "com.example.phone")
        .put("platform", "apple")
        .put("token", token)
        .put("call-id", token)
        .put("from", "sip:alice@example.com")
        .put("to", "sip:bob@example.com")
        .put("event", "incoming_session")
        .put("media-type", "audio");
  }

  /** Asks for a {@linkplain #ring ring}. */
  CompletableFuture<HttpResponse<String>> push(String token, String... headers) {
    String[] all = Arrays.copyOf(headers, headers.length + 2);
    all[headers.length] = "content-type";
    all[headers.length + 1] = "application/json";
    return post(ring(token).encode(), all);
  }

  /**
   * Sends a request.
   *
   * @param headers names and values in turn
   */
  CompletableFuture<HttpResponse<String>> post(String body, String... headers) {
    return http.sendAsync(
        HttpRequest.newBuilder(url)
            .headers(headers)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Sends JSON to one of its other paths. */
  CompletableFuture<HttpResponse<String>> postTo(String path, String json) {
    return http.sendAsync(
        HttpRequest.newBuilder(url.resolve(path))
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  /** Where it takes pushes. */
  URI url() {
    return url;
  }

  /** The text of one of its pages. */
  String get(String path) throws Exception {
    return http.send(
            HttpRequest.newBuilder(url.resolve(path)).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }

  /** Waits until an application has accepted a push: what is logged as incoming is on its way. */
  void untilAccepted() throws Exception {
    Await.until(() -> ACCEPTED.matcher(get("/metrics")).find(), () -> "nothing was accepted");
  }

  /** The port that it listens on. */
  int port() {
    return url.getPort();
  }

  /** Sends a signal. The shell's own kill: a bare system has no other. */
  void signal(String name) throws Exception {
    String line = "kill -" + name + " " + pid();
    Command.Ended kill = Command.of("sh", "-c", line).run();
    if (kill.code() != 0) {
      throw new AssertionError(line + " failed: " + kill.said());
    }
  }

  /** Waits for its end. */
  int exitCode(long withinS) throws InterruptedException {
    if (!process.waitFor(withinS, TimeUnit.SECONDS)) {
      throw new AssertionError("it still runs; its log:\n" + log());
    }
    return process.exitValue();
  }

  /** Whether it has come to the end of its heap, or of its buffers outside of that. */
  boolean ranOutOfMemory() {
    return OUT_OF_MEMORY.matcher(log()).find();
  }

  /** For those who must not wait. */
  Process process() {
    return process;
  }

  /** Its number on this machine. */
  long pid() {
    return process.pid();
  }

  /** All that it has printed. */
  synchronized String log() {
    return String.join("\n", lines);
  }

  /** Ends it without asking. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    process.waitFor(PATIENCE_S, TimeUnit.SECONDS);
  }
}
