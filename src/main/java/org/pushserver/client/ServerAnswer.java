// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.client;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * What the server answered, in one sentence.
 *
 * @param status the HTTP status
 * @param description the answer's own words; empty when it has none
 * @param reason what the push service said, in its own word; empty when it said nothing
 */
record ServerAnswer(int status, String description, String reason) {
  private static final int LONGEST = 300;

  /** What the server says of every push that reached the push service. */
  private static final String PLAIN = "push notification response";

  /** Reads an answer; one that is no JSON of ours has its status alone. */
  static ServerAnswer of(int status, String body) {
    String description = "";
    String reason = "";
    try (JsonParser json = new JsonFactory().createParser(body)) {
      for (int depth = 0; json.nextToken() != null; ) {
        JsonToken token = json.currentToken();
        depth += token.isStructStart() ? 1 : token.isStructEnd() ? -1 : 0;
        if (token == JsonToken.VALUE_STRING) {
          if (depth == 1 && "description".equals(json.currentName())) {
            description = shown(json.getText());
          } else if (depth == 2 && "reason".equals(json.currentName())) {
            reason = shown(json.getText());
          }
        }
      }
    } catch (IOException e) {
      // A proxy's page, or no server of ours.
      return new ServerAnswer(status, "", "");
    }
    return new ServerAnswer(status, description, reason);
  }

  /** Without control characters: what a stranger's server sends must not steer a terminal. */
  private static String shown(String text) {
    String clean = text.replaceAll("\\p{Cntrl}+", " ").strip();
    return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST) + "...";
  }

  /** Whether the server took the push. */
  boolean good() {
    return status == 200 || status == 202;
  }

  /** What became of the push, and after how long; for one that failed, what to do. */
  String sentence(String callId, Duration took) {
    String after = String.format(Locale.ROOT, "%.2f s", took.toMillis() / 1000.0);
    return switch (status) {
      case 200 ->
          (description.isEmpty() || description.equals(PLAIN)
                  ? "The push service took the push after "
                  : "The server answered '" + description + "' after ")
              + after
              + " (call-id "
              + callId
              + ").";
      case 202 ->
          "The server took the push after "
              + after
              + " and sends it now (call-id "
              + callId
              + "); its log says what becomes of it.";
      default ->
          "the push was not sent ("
              + status
              + (said().isEmpty() ? "" : ", " + said())
              + "): "
              + advice();
    };
  }

  /** The push service's word, else the server's. */
  private String said() {
    return !reason.isEmpty() ? reason : description.equals(PLAIN) ? "" : description;
  }

  private String advice() {
    return switch (status) {
      case 400 -> "correct what the answer names.";
      case 401 -> "give an API key of the server with --api-key.";
      case 403 -> "this address may have to be added to allowed_hosts on the server.";
      case 404 -> "check --appid and --platform against applications.ini, and the path in --url.";
      case 410 -> "the device's token is dead; forget it.";
      case 429, 503 -> "try again later.";
      case 504 -> "it could not be delivered in time.";
      default -> "see the server's log.";
    };
  }
}
