// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.Fault;
import org.pushserver.push.Response;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Reason;

/**
 * What came of an attempt that was made for another server, as bytes. Any thread.
 *
 * <p>What cannot be understood counts as a push that may have been sent: a newer server may know
 * more answers.
 */
final class AttemptReply {
  private static final String WHAT = "what";
  private static final String WHY = "why";
  private static final String NOT_SENT = "not-sent";
  private static final String FAILED = "failed";

  private AttemptReply() {}

  static Buffer of(Answer answer) {
    JsonObject reply = response(answer.response());
    if (answer instanceof Answer.Delivered) {
      reply.put(WHAT, "delivered");
    } else if (answer instanceof Answer.Refused refused) {
      reply.put(WHAT, "refused").put("fault", refused.fault().name());
    } else if (answer instanceof Answer.DeadToken dead) {
      reply.put(WHAT, "dead").put("known", dead.wasKnown()).put("since", dead.since());
    } else if (answer instanceof Answer.Later later) {
      reply.put(WHAT, "later").put("arrived", later.mayHaveArrived());
      if (later.after() != null) {
        reply.put("after", later.after().toMillis());
      }
    }
    return reply.toBuffer();
  }

  /** That there was no answer. */
  static Buffer of(Throwable cause) {
    return new JsonObject()
        .put(WHAT, cause instanceof NotSentException ? NOT_SENT : FAILED)
        .put(WHY, Reason.of(cause))
        .toBuffer();
  }

  /** That nothing was sent. */
  static Buffer notSent(String why) {
    return new JsonObject().put(WHAT, NOT_SENT).put(WHY, why).toBuffer();
  }

  /** As an attempt of our own would have ended. */
  static Future<Answer> read(Buffer bytes) {
    try {
      JsonObject reply = new JsonObject(bytes);
      String what = reply.getString(WHAT, "");
      return switch (what) {
        case NOT_SENT -> Future.failedFuture(new NotSentException(reply.getString(WHY, "")));
        case FAILED -> Future.failedFuture(reply.getString(WHY, ""));
        default -> Future.succeededFuture(answer(what, reply));
      };
    } catch (RuntimeException e) {
      return Future.failedFuture("its answer cannot be understood: " + Reason.of(e));
    }
  }

  private static Answer answer(String what, JsonObject reply) {
    Response response = response(reply);
    return switch (what) {
      case "delivered" -> new Answer.Delivered(response);
      case "refused" ->
          new Answer.Refused(response, Fault.valueOf(reply.getString("fault", Fault.PUSH.name())));
      case "dead" ->
          new Answer.DeadToken(
              response, reply.getBoolean("known", false), reply.getLong("since", 0L));
      case "later" -> {
        Long after = reply.getLong("after");
        yield new Answer.Later(
            response,
            after == null ? null : Duration.ofMillis(after),
            reply.getBoolean("arrived", true));
      }
      default -> throw new IllegalArgumentException("'" + what + "' is not known here");
    };
  }

  private static JsonObject response(Response response) {
    return new JsonObject()
        .put("code", response.code())
        .put("reason", response.reason())
        .put("url", response.url())
        .put("body", response.body());
  }

  /** Over which of the other's connections it came says nothing here. */
  private static Response response(JsonObject reply) {
    return new Response(
        reply.getInteger("code"),
        reply.getString("reason"),
        reply.getString("url"),
        reply.getString("body"));
  }
}
