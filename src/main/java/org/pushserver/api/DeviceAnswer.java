// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Optional;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;

/**
 * What came of one of the devices of a request. Immutable.
 *
 * @param kind what it means for the whole request
 * @param code 200 to 599
 * @param ref what the sender calls the contact; may be empty
 * @param platform empty when it is not known
 * @param appId empty when it is not known
 * @param reason why it is not delivered; may be empty
 * @param retryAfter seconds after which to try again; 0 to say nothing about it
 */
record DeviceAnswer(
    Kind kind, int code, String ref, String platform, String appId, String reason, int retryAfter) {
  private static final int ON_ITS_WAY = RequestAnswer.accepted().status();

  private static final int GONE = 410;

  /** What it means for the whole request. */
  enum Kind {
    /** Delivered, or accepted. */
    SENT,
    /** The push service does not know the token any more, or was known to before. */
    DEAD,
    /** It came to any other end. */
    FAILED,
    /** There was no push, because something is wrong. */
    REFUSED,
    /** Nobody wanted a push for it. */
    SKIPPED
  }

  /** No push was tried, and nothing is wrong about that. */
  static DeviceAnswer skipped(String ref, String why) {
    return new DeviceAnswer(Kind.SKIPPED, 404, ref, "", "", why, 0);
  }

  /** The request for this device cannot become a push. */
  static DeviceAnswer refused(String ref, String platform, String appId, RequestRefused refusal) {
    return new DeviceAnswer(
        refusal.status() == GONE ? Kind.DEAD : Kind.REFUSED,
        refusal.status(),
        ref,
        platform,
        appId,
        refusal.description(),
        refusal.retryAfter());
  }

  /**
   * The push for it came to its end.
   *
   * @param end empty when it was accepted, and its sender does not wait
   */
  static DeviceAnswer of(String ref, Push push, Optional<Outcome> end) {
    RequestAnswer answer =
        end.map(outcome -> RequestAnswer.outcome(push, outcome)).orElseGet(RequestAnswer::accepted);
    boolean sent = answer.status() < 300;
    boolean dead = end.isPresent() && end.get().result() == Outcome.Result.DEAD_TOKEN;
    return new DeviceAnswer(
        sent ? Kind.SENT : dead ? Kind.DEAD : Kind.FAILED,
        answer.status(),
        ref,
        push.app().platform(),
        push.app().appId(),
        sent ? "" : end.map(outcome -> reason(outcome, answer)).orElse(""),
        answer.retryAfter());
  }

  /** Whether it is not known how it ended. */
  boolean isOnItsWay() {
    return kind == Kind.SENT && code == ON_ITS_WAY;
  }

  private static String reason(Outcome outcome, RequestAnswer answer) {
    String reason = outcome.response().reason();
    return reason.isEmpty() ? answer.description() : reason;
  }

  /** Writes it as an object, without what is empty. */
  void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    writeText(json, "ref", ref);
    json.writeNumberField("code", code);
    writeText(json, "platform", platform);
    writeText(json, "app-id", appId);
    writeText(json, "reason", reason);
    json.writeEndObject();
  }

  private static void writeText(JsonGenerator json, String name, String text) throws IOException {
    if (!text.isEmpty()) {
      json.writeStringField(name, text);
    }
  }
}
