// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.pushserver.cause.Explanation;
import org.pushserver.spi.Reason;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailJson;
import org.pushserver.trail.TrailQuery;

/**
 * The trails of all servers of a cluster, asked of one of them over HTTP: for commands. Blocks; one
 * thread.
 */
final class RemoteTrail {
  private static final Duration CONNECT = Duration.ofSeconds(2);

  /** A search ends within two seconds and a half at all servers. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String DATA = "data: ";
  private static final String EVENT = "event: ";

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();

  private final URI door;
  private final String apiKey;

  /** A push, and why it ended so, in the words of the server. */
  record Found(TrailEntry entry, Explanation why) {}

  /**
   * What was found.
   *
   * @param next where to go on; empty at the end
   */
  record Answer(List<Found> found, String next, List<String> notes) {}

  /**
   * @param url of a server, such as {@code http://127.0.0.1:9400}
   * @param apiKey empty for none
   * @throws IllegalArgumentException when it is no URL
   */
  RemoteTrail(String url, String apiKey) {
    this.door = URI.create(url);
    this.apiKey = apiKey;
    if (door.getHost() == null) {
      throw new IllegalArgumentException(url);
    }
  }

  /**
   * Looks for a call.
   *
   * @return empty, with notes, when nobody has it
   * @throws IOException when it cannot be asked; the message says why, and what to do
   */
  Answer call(String callId) throws IOException {
    HttpResponse<InputStream> response = get("/v3/calls/" + encoded(callId), ANSWER);
    try (InputStream body = response.body()) {
      JsonNode json = JSON.readTree(body);
      String description = json.path("description").asText();
      if (response.statusCode() == 404 && description.startsWith("There is no push")) {
        return new Answer(List.of(), "", List.of(description));
      }
      check(response, description);
      return answer(json);
    }
  }

  /** Looks for pushes, from where a former answer ended. */
  Answer pushes(TrailQuery query) throws IOException {
    Map<String, String> fields = filters(query);
    fields.put("from", query.from() == 0 ? "" : Long.toString(query.from()));
    fields.put("to", query.to() == Long.MAX_VALUE ? "" : Long.toString(query.to()));
    fields.put("limit", Integer.toString(query.limit()));
    fields.put("cursor", query.cursor());
    HttpResponse<InputStream> response = get("/v3/pushes" + address(fields), ANSWER);
    try (InputStream body = response.body()) {
      JsonNode json = JSON.readTree(body);
      check(response, json.path("description").asText());
      return answer(json);
    }
  }

  /** Those that end from now on, until it is closed. */
  Live follow(TrailQuery query) throws IOException {
    HttpResponse<InputStream> response = get("/v3/events" + address(filters(query)), null);
    if (response.statusCode() != 200) {
      try (InputStream body = response.body()) {
        check(response, JSON.readTree(body).path("description").asText());
      }
    }
    return new Live(
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8)));
  }

  /** What comes. */
  static final class Live implements AutoCloseable {
    private final BufferedReader lines;

    Live(BufferedReader lines) {
      this.lines = lines;
    }

    /**
     * Waits for the next line, and tells what it says, if anything.
     *
     * @return false at the end
     */
    boolean next(Consumer<Found> push, Consumer<String> note) throws IOException {
      String line = lines.readLine();
      if (line == null || !line.startsWith(EVENT)) {
        return line != null;
      }
      String data = lines.readLine();
      if (data == null || !data.startsWith(DATA)) {
        return data != null;
      }
      JsonNode json = JSON.readTree(data.substring(DATA.length()));
      switch (line.substring(EVENT.length())) {
        case "push" -> push.accept(found(json));
        case "missed" -> note.accept(json.path("missed").asText() + " came too fast to be shown");
        case "note" -> note.accept(json.path("note").asText());
        case "end" -> note.accept(json.path("why").asText());
        default -> {
          // Of a newer server.
        }
      }
      return true;
    }

    @Override
    public void close() throws IOException {
      lines.close();
    }
  }

  private static void check(HttpResponse<InputStream> response, String description)
      throws IOException {
    int status = response.statusCode();
    if (status != 200) {
      throw new IOException(
          status
              + " "
              + description
              + (status == 401 || status == 403
                  ? "; give a key with the right search: --api-key, or PUSHSERVER_API_KEY"
                  : ""));
    }
  }

  private static Answer answer(JsonNode json) throws IOException {
    List<Found> found = new ArrayList<>();
    for (JsonNode push : json.path("pushes")) {
      found.add(found(push));
    }
    List<String> notes = new ArrayList<>();
    json.path("notes").forEach(note -> notes.add(note.asText()));
    return new Answer(found, json.path("next").asText(), notes);
  }

  private static Found found(JsonNode push) throws IOException {
    JsonNode cause = push.path("cause");
    String link = cause.path("link").asText();
    try {
      return new Found(
          TrailJson.read(push),
          new Explanation(
              cause.path("id").asText(),
              cause.path("sentence").asText(),
              cause.path("next").asText(),
              link.substring(link.indexOf('#') + 1)));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new IOException("what the server says cannot be understood; is it a newer one?", e);
    }
  }

  private HttpResponse<InputStream> get(String path, Duration patience) throws IOException {
    HttpRequest.Builder request = HttpRequest.newBuilder(door.resolve(path));
    if (patience != null) {
      request.timeout(patience);
    }
    if (!apiKey.isEmpty()) {
      request.header("Authorization", "Bearer " + apiKey);
    }
    request.header("Accept", "application/json, text/event-stream");
    try {
      return client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } catch (IOException e) {
      throw new IOException(door + " does not answer: " + Reason.of(e), e);
    }
  }

  private static Map<String, String> filters(TrailQuery query) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("id", query.push() == null ? "" : query.push().toString());
    fields.put("call-id", query.callId());
    fields.put("account", query.account());
    fields.put("device-id", query.device());
    fields.put("token-hash", TrailJson.hash(query.tokenHash()));
    fields.put("app-id", query.appId());
    fields.put("platform", query.platform());
    fields.put(
        "outcome",
        query.ends().stream().map(TrailJson::word).sorted().collect(Collectors.joining(",")));
    fields.put("reason", query.reason());
    return fields;
  }

  private static String address(Map<String, String> fields) {
    String all =
        fields.entrySet().stream()
            .filter(one -> !one.getValue().isEmpty())
            .map(one -> one.getKey() + "=" + encoded(one.getValue()))
            .collect(Collectors.joining("&"));
    return all.isEmpty() ? "" : "?" + all;
  }

  /** In a path, + stands for itself. */
  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }
}
