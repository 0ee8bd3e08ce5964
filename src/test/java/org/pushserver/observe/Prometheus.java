// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.pushserver.fake.Await;
import org.pushserver.fake.Command;
import org.pushserver.fake.Programs;

/** A real Prometheus, which scrapes one server every second. */
final class Prometheus implements AutoCloseable {
  private final HttpClient client = HttpClient.newHttpClient();
  private final Path log;
  private final Process process;
  private final int port;

  /**
   * @param directory for its files
   * @param target the port that it scrapes
   * @param rules its alerts
   */
  Prometheus(Path directory, int target, Path rules) throws IOException {
    port = freePort();
    log = directory.resolve("prometheus.log");
    Path config = directory.resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 1s, scrape_timeout: 1s, evaluation_interval: 1s}
        rule_files: ['%s']
        scrape_configs:
          - {job_name: pushserver, static_configs: [{targets: ['127.0.0.1:%s']}]}
        """
            .formatted(rules.toAbsolutePath(), target));
    process =
        start(
            log,
            "prometheus",
            "--config.file=" + config,
            "--storage.tsdb.path=" + directory.resolve("data"),
            "--web.listen-address=127.0.0.1:" + port);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Process start(Path log, String... command) throws IOException {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
    } catch (IOException e) {
      throw new IOException(
          command[0] + " is not on the path: bin/check installs Debian's package prometheus", e);
    }
  }

  /** Runs promtool; fails with what it said when it is not content. */
  static void promtool(String... arguments) throws Exception {
    String[] command = new String[arguments.length + 1];
    command[0] = "promtool";
    System.arraycopy(arguments, 0, command, 1, arguments.length);
    Command.Ended promtool = Command.of(command).run();
    assertEquals(0, promtool.code(), promtool.said());
  }

  /** The answer of its API under a path, as soon as it is this; it tells nobody when that is. */
  JsonObject until(String path, Predicate<JsonObject> expected) throws Exception {
    AtomicReference<JsonObject> last = new AtomicReference<>();
    Await.until(
        () -> {
          assertTrue(process.isAlive(), () -> path + " came to " + last.get());
          last.set(quietly(() -> ask(path)));
          return last.get() != null && expected.test(last.get());
        },
        () -> path + " came to " + last.get() + "; its log is " + log);
    return last.get();
  }

  /** Null while it does not listen yet. */
  private static JsonObject quietly(Callable<JsonObject> question) throws Exception {
    try {
      return question.call();
    } catch (IOException notYet) {
      return null;
    }
  }

  private JsonObject ask(String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path)).build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    // While it starts it answers 503 in words.
    return answer.statusCode() == 503 ? null : new JsonObject(answer.body());
  }

  /** The path of a query of the API. */
  static String query(String expression) {
    return "query?query=" + URLEncoder.encode(expression, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    Programs.end(process);
  }
}
