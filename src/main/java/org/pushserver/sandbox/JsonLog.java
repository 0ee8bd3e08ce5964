// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;

/** A file with a line of JSON for each notification, for scripts. One event loop. */
final class JsonLog {
  private final AsyncFile file;

  private JsonLog(AsyncFile file) {
    this.file = file;
  }

  /**
   * Opens one, to write after what is there. It has whole device tokens, so only this user may read
   * it.
   */
  static Future<JsonLog> open(Vertx vertx, Path path) {
    return vertx
        .fileSystem()
        .open(path.toString(), new OpenOptions().setAppend(true).setPerms("rw-------"))
        .map(JsonLog::new);
  }

  void write(Notification notification) {
    Gist gist = Gist.of(notification);
    JsonObject line =
        new JsonObject()
            .put("time", notification.time().toString())
            .put("service", notification.service().wireName())
            .put("token", gist.token())
            .put("app", gist.app())
            .put("event", gist.event())
            .put("call_id", gist.callId())
            .put("status", notification.status())
            .put("reason", notification.reason())
            .put("phone", Effect.of(notification))
            .put("body", Payloads.parse(notification.body()).orElse(notification.body()));
    file.write(Buffer.buffer(line.encode()).appendString("\n"));
  }

  Future<Void> close() {
    return file.close();
  }
}
