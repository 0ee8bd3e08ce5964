// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Response;
import org.pushserver.queue.OwnAnswers;

/**
 * What a server says of a push that another one has handed to it, as an object and as bytes.
 * Immutable.
 *
 * @param kind what it says
 * @param outcome how the push ended; null when there is no end to tell
 */
record PushReply(Kind kind, Outcome outcome) {
  /** What can be said. */
  enum Kind {
    /** It does not take it: it has no such application, or is leaving. Somebody else may. */
    DECLINED,
    /** It cannot say yet: it sees other members than who asks. */
    LATER,
    /** It was accepted; or there was nothing to withdraw. */
    NO_END,
    /** It has ended. */
    ENDED,
    /** It was accepted, and left when this server ended. Somebody else is to go on. */
    LEFT,
    /** Yes, to a question. */
    YES,
    /** No, to a question. */
    NO
  }

  static final PushReply DECLINED = new PushReply(Kind.DECLINED, null);
  static final PushReply LATER = new PushReply(Kind.LATER, null);

  /** In place of one that did not come in time. */
  static final PushReply UNKNOWN =
      new PushReply(
          Kind.ENDED,
          new Outcome(
              Result.EXPIRED,
              OwnAnswers.failure(504, "the server that has it did not say what became of it"),
              0));

  private static final String KIND = "is";

  static PushReply of(boolean isSo) {
    return new PushReply(isSo ? Kind.YES : Kind.NO, null);
  }

  /** Of one that has an end, or has none yet. */
  static PushReply of(Optional<Outcome> end) {
    return end.map(outcome -> new PushReply(Kind.ENDED, outcome))
        .orElseGet(() -> new PushReply(Kind.NO_END, null));
  }

  /** Empty when there is none to tell. */
  Optional<Outcome> end() {
    return Optional.ofNullable(outcome);
  }

  Buffer bytes() {
    JsonObject json = new JsonObject().put(KIND, kind.name());
    if (outcome != null) {
      Response response = outcome.response();
      json.put("result", outcome.result().name())
          .put("attempts", outcome.attempts())
          .put("code", response.code())
          .put("reason", response.reason())
          .put("url", response.url())
          .put("body", response.body());
    }
    return json.toBuffer();
  }

  /**
   * Reads what a server of this version, or of another, has said.
   *
   * @throws RuntimeException when that cannot be understood
   */
  static PushReply read(Buffer bytes) {
    JsonObject json = new JsonObject(bytes);
    Kind kind = Kind.valueOf(json.getString(KIND));
    String result = json.getString("result");
    if (result == null) {
      return new PushReply(kind, null);
    }
    // Over which of its connections the answer came means nothing here.
    Response response =
        new Response(
            json.getInteger("code"),
            json.getString("reason"),
            json.getString("url"),
            json.getString("body"));
    return new PushReply(
        kind, new Outcome(Result.valueOf(result), response, json.getInteger("attempts")));
  }
}
