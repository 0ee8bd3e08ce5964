// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;

/**
 * What a caller is told, before it is known in which form: a status, a sentence, and what there is
 * to say besides. Immutable; any thread.
 *
 * @param status 200 to 599
 * @param retryAfter seconds after which to try again; 0 to say nothing about it
 */
record RequestAnswer(int status, String description, int retryAfter, Data data) {
  /** Queues drain by thousands a second: a second later there is room, or there is an outage. */
  private static final int OVERLOAD_PAUSE = 1;

  private static final RequestAnswer ACCEPTED =
      new RequestAnswer(202, "accepted for delivery", 0, new NoPush(1));
  private static final RequestAnswer DENIED =
      new RequestAnswer(403, "access denied by access list", 0, new NoPush(0));
  private static final RequestAnswer BROKEN =
      new RequestAnswer(500, "internal error; the server's log has the cause", 0, new NoRequest());

  /** What there is to say besides. */
  interface Data {
    /** Writes one value. */
    void write(JsonGenerator json) throws IOException;

    /** Adds to a form what a script can use of it. */
    default void write(FormWriter form) {}
  }

  /** Of a request that never came as far as a push. */
  private record NoRequest() implements Data {
    @Override
    public void write(JsonGenerator json) throws IOException {
      json.writeString("");
    }
  }

  /**
   * Of a push of which there is nothing to say.
   *
   * @param sent how many were accepted
   */
  private record NoPush(int sent) implements Data {
    @Override
    public void write(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeEndObject();
    }

    @Override
    public void write(FormWriter form) {
      if (sent > 0) {
        form.add("sent", sent);
      }
    }
  }

  /** Of a push that has not ended. */
  private record OnItsWay(Push push) implements Data {
    @Override
    public void write(JsonGenerator json) throws IOException {
      json.writeStartObject();
      writeSubject(json, push);
      json.writeEndObject();
    }
  }

  /** Of a push that has ended. */
  private record Ended(Push push, Response response, int code) implements Data {
    @Override
    public void write(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeFieldName("body");
      json.writeRawValue(response.body());
      json.writeNumberField("code", code);
      json.writeStringField("reason", response.reason());
      json.writeStringField("url", response.url());
      writeSubject(json, push);
      json.writeEndObject();
    }

    @Override
    public void write(FormWriter form) {
      form.add("sent", code < 300 ? 1 : 0);
      form.add("reason", response.reason());
    }
  }

  private static void writeSubject(JsonGenerator json, Push push) throws IOException {
    json.writeStringField("platform", push.app().platform());
    json.writeStringField("call_id", push.callId());
    // As received: callers look their device up by it, so a pair stays a pair.
    json.writeStringField("token", push.device().registration());
  }

  /** The push has not ended in the time that its caller waits. */
  static RequestAnswer stillTrying(Push push) {
    return new RequestAnswer(202, "still trying", 0, new OnItsWay(push));
  }

  /** The push was accepted, and its caller does not wait for it. */
  static RequestAnswer accepted() {
    return ACCEPTED;
  }

  /** The caller's address is not on the list. */
  static RequestAnswer denied() {
    return DENIED;
  }

  /** A fault of ours. */
  static RequestAnswer broken() {
    return BROKEN;
  }

  /** The request ends at the door. */
  static RequestAnswer refused(int status, String description, int retryAfter) {
    return new RequestAnswer(status, description, retryAfter, new NoRequest());
  }

  /** The push came to its end, or was never accepted. */
  static RequestAnswer outcome(Push push, Outcome outcome) {
    Response response = outcome.response();
    return switch (outcome.result()) {
      case SUPERSEDED ->
          ended(response.code(), response.reason(), new Ended(push, response, response.code()));
      case OVERLOADED, ABANDONED -> {
        int code = response.code();
        yield new RequestAnswer(
            code, response.reason(), code == 503 ? OVERLOAD_PAUSE : 0, new NoPush(0));
      }
      case EXPIRED ->
          ended(
              504,
              "the push expired before the push service took it",
              new Ended(push, response, 504));
      case DELIVERED, REFUSED, DEAD_TOKEN -> {
        int status = statusWithBody(outcome);
        yield ended(status, "push notification response", new Ended(push, response, status));
      }
    };
  }

  private static RequestAnswer ended(int status, String description, Ended data) {
    return new RequestAnswer(status, description, 0, data);
  }

  /** Some statuses, which a gateway may well use, would take the body off our answer. */
  private static int statusWithBody(Outcome outcome) {
    int code = outcome.response().code();
    if (code >= 200 && code != 204 && code != 205 && code != 304) {
      return code;
    }
    return outcome.result() == Outcome.Result.DELIVERED ? 200 : 502;
  }

  /** As JSON, or as a form. */
  ApiResponse encoded(boolean form) {
    return form ? FormWriter.response(this) : ApiResponse.of(this);
  }
}
