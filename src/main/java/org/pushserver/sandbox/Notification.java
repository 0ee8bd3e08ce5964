// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Map;

/**
 * One notification that arrived, and what was answered.
 *
 * @param seq counts from 1 over the life of the sandbox
 * @param time when it had arrived completely
 * @param service where it arrived
 * @param connection names the TCP connection: two notifications with the same name shared one
 * @param httpVersion such as {@code HTTP_2}
 * @param path with its query
 * @param headers names in lower case; the value of {@code authorization} is cut to its scheme
 * @param body as received
 * @param status the answer's; 0 when there was none
 * @param reason the answer's in one word; empty when it was accepted
 */
public record Notification(
    long seq,
    Instant time,
    Service service,
    String connection,
    String httpVersion,
    String path,
    Map<String, String> headers,
    String body,
    int status,
    String reason) {

  public Notification {
    headers = Map.copyOf(headers);
  }

  /**
   * As the control API shows it: the body as JSON where it is JSON, else as text; and in words,
   * what it does on the phone.
   */
  public JsonObject toJson() {
    JsonObject shownHeaders = new JsonObject();
    headers.entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(header -> shownHeaders.put(header.getKey(), header.getValue()));
    return new JsonObject()
        .put("seq", seq)
        .put("time", time.toString())
        .put("service", service.wireName())
        .put("connection", connection)
        .put("http_version", httpVersion)
        .put("path", path)
        .put("headers", shownHeaders)
        .put("body", Payloads.parse(body).orElse(body))
        .put("answer", new JsonObject().put("status", status).put("reason", reason))
        .put("phone", Effect.of(this));
  }

  @Override
  public String toString() {
    return Json.encode(toJson());
  }
}
