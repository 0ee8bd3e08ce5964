// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.Main;
import org.pushserver.observe.ObservedServer;
import org.pushserver.pages.Page.Block;
import picocli.CommandLine;

/** What the documentation tells to type works, against a server and the sandbox. */
@Timeout(120)
class PagesIT {
  private static final String OPERATOR = "metrics|health|v3/(calls|pushes|events)";

  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir private Path directory;

  @Test
  void everyCurlAndEveryPushOfThePagesWorksAsItStands() throws Exception {
    try (ObservedServer server =
        new ObservedServer(
            directory, "admin_port = 0", "acks = yes", "trail = yes", "state_dir = state")) {
      ring(server);
      List<String> failed = new ArrayList<>();
      int tried = 0;
      for (Block block : Page.allBlocks()) {
        for (List<String> command :
            Commands.isIn(block) ? Commands.in(block) : List.<List<String>>of()) {
          if (command.get(0).equals("curl")) {
            tried++;
            int status = curl(server, command);
            if (status / 100 != 2) {
              failed.add(block + ": " + command + " gives " + status);
            }
          } else if (command.get(0).endsWith("pushclient")
              && !command.contains("TOKEN-OF-YOUR-PHONE")) {
            tried++;
            String said = push(server, command);
            if (said != null) {
              failed.add(block + ": " + command + " gives " + said);
            }
          }
        }
      }
      assertEquals(List.of(), failed);
      assertTrue(tried > 10, "it has found the commands");
    }
  }

  /** The call that the pages speak of. */
  private void ring(ObservedServer server) throws Exception {
    String call =
        """
        {"app-id": "com.example.phone", "platform": "firebase", "token": "phone-of-bob",
         "event": "incoming_session", "call-id": "4711@pbx.example.com", "device-id": "phone-1",
         "media-type": "audio", "from": "sip:alice@example.com", "to": "sip:bob@example.com"}
        """;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/push"))
            .POST(BodyPublishers.ofString(call))
            .build();
    assertEquals(200, client.send(request, BodyHandlers.ofString()).statusCode());
  }

  /** The pages use the usual ports; a test must not. */
  private static String here(ObservedServer server, String url) {
    // Without keys the trail is shown where health and metrics are.
    return url.replaceFirst(":(8400|9400)(?=/(" + OPERATOR + "))", ":" + server.adminPort())
        .replaceFirst(":(8400|9400)", ":" + server.port())
        .replace(":8440", ":" + server.controlPort())
        .replace("timeout=20", "timeout=1");
  }

  /** The options of curl that the pages use. */
  private int curl(ObservedServer server, List<String> command) throws Exception {
    String method = null;
    String url = null;
    List<String> data = new ArrayList<>();
    HttpRequest.Builder request = HttpRequest.newBuilder();
    for (int i = 1; i < command.size(); i++) {
      String word = command.get(i);
      switch (word) {
        case "-s" -> {}
        case "-X" -> method = command.get(++i);
        case "-d" -> data.add(command.get(++i));
        case "--data-urlencode" -> data.add(encoded(command.get(++i)));
        case "-H" -> {
          String[] header = command.get(++i).split(": ", 2);
          request.header(header[0], header[1]);
        }
        default -> url = word;
      }
    }
    String usual = data.isEmpty() ? "GET" : "POST";
    BodyPublisher body =
        data.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(String.join("&", data));
    request.uri(URI.create(here(server, url))).method(method == null ? usual : method, body);
    HttpResponse<InputStream> answer = client.send(request.build(), BodyHandlers.ofInputStream());
    // Events have no end.
    answer.body().close();
    return answer.statusCode();
  }

  /** A name stays as it is, and its value is encoded. */
  private static String encoded(String pair) {
    String[] parts = pair.split("=", 2);
    return parts[0] + "=" + URLEncoder.encode(parts[1], StandardCharsets.UTF_8);
  }

  /** What it says when it fails; null when it does not. */
  private static String push(ObservedServer server, List<String> command) {
    List<String> words = new ArrayList<>(command.subList(1, command.size()));
    words.add(0, "push");
    words.removeIf(word -> word.equals("--url") || word.startsWith("http://"));
    words.addAll(List.of("--url", "http://127.0.0.1:" + server.port() + "/push"));
    StringWriter said = new StringWriter();
    int code =
        new CommandLine(new Main())
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(said))
            .execute(words.toArray(String[]::new));
    return code == 0 ? null : said.toString();
  }
}
