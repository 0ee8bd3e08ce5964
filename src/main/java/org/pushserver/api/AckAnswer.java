// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** What who speaks for a phone is told. */
final class AckAnswer {
  private AckAnswer() {}

  /** Of one push. */
  private record OfPush(PhoneWord word) implements RequestAnswer.Data {
    @Override
    public void write(JsonGenerator json) throws IOException {
      json.writeStartObject();
      writeFields(json);
      json.writeEndObject();
    }

    private void writeFields(JsonGenerator json) throws IOException {
      KnownPush push = word.push();
      json.writeStringField("id", push.id().toString());
      json.writeStringField("app-id", push.app().appId());
      json.writeStringField("platform", push.app().platform());
      json.writeStringField("event", push.event());
      json.writeStringField("call-id", push.callId());
      if (push.deviceId() != null) {
        json.writeStringField("device-id", push.deviceId());
      }
      writeTime(json, "woken", word.wokenAt());
      writeTime(json, "displayed", word.displayedAt());
      if (!word.corrections().isEmpty()) {
        json.writeArrayFieldStart("corrected");
        for (String correction : word.corrections()) {
          json.writeString(correction);
        }
        json.writeEndArray();
      }
    }

    private void writeTime(JsonGenerator json, String what, long at) throws IOException {
      if (at != Ack.NOT) {
        json.writeStringField(what + "-at", Instant.ofEpochMilli(at).toString());
        json.writeNumberField(what + "-ms", word.tookMs(at));
      }
    }

    @Override
    public void write(FormWriter form) {
      form.add("id", word.push().id().toString());
    }
  }

  /** Of several. */
  private record OfList(List<RequestAnswer> answers) implements RequestAnswer.Data {
    @Override
    public void write(JsonGenerator json) throws IOException {
      json.writeStartObject();
      json.writeArrayFieldStart("acks");
      for (RequestAnswer answer : answers) {
        json.writeStartObject();
        json.writeNumberField("code", answer.status());
        json.writeStringField("description", answer.description());
        if (answer.data() instanceof OfPush push) {
          push.writeFields(json);
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    }
  }

  /** It was understood. */
  static RequestAnswer of(PhoneWord word) {
    return new RequestAnswer(
        200, word.isKnown() ? "known already" : "acknowledged", 0, new OfPush(word));
  }

  /** Each of a list has an answer of its own. */
  static RequestAnswer of(List<RequestAnswer> answers) {
    long good = answers.stream().filter(answer -> answer.status() == 200).count();
    return new RequestAnswer(
        200,
        "%s of %s acknowledged".formatted(good, answers.size()),
        0,
        new OfList(List.copyOf(answers)));
  }

  /** It was not understood, or is of no push that is known. */
  static RequestAnswer of(RequestRefused refusal) {
    return RequestAnswer.refused(refusal.status(), refusal.description(), 0);
  }
}
