// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sylk;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.pushserver.push.Details;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.spi.ApplePayload;

/**
 * The notifications of Sylk Mobile on Apple's platform. An application type that differs in one
 * event, or in the texts of an alert, overrides that. Absent values are JSON nulls here: the app
 * has always got them so.
 */
public class SylkApple extends ApplePayload {
  @Override
  protected void writeFields(JsonGenerator json, Push push) throws IOException {
    switch (push.event().kind()) {
      case RING -> {
        if (isShownRing(push)) {
          writeShown(json, push);
        }
        writeRing(json, push);
      }
      case CANCEL -> writeCancel(json, push);
      case MESSAGE -> writeMessage(json, push);
      case TRANSFER -> writeTransfer(json, push);
      case WAKE -> writeWake(json, push);
    }
  }

  /** What the phone shows: of a call only when the app cannot be made to ring. */
  protected Alert alert(Push push) {
    return switch (push.event().kind()) {
      case RING -> Alert.ofCall(push.details());
      case TRANSFER -> Alert.ofTransfer(push.details());
      case CANCEL, MESSAGE, WAKE -> Alert.ofMessage(push.details());
    };
  }

  /**
   * Writes {@code aps} of a call for a phone that has no token for VoIP pushes; the fields of
   * {@link #writeRing} follow.
   */
  protected void writeShown(JsonGenerator json, Push push) throws IOException {
    json.writeObjectFieldStart("aps");
    writeShownAlert(json, alert(push));
    json.writeEndObject();
  }

  /** Writes the fields of a call or conference. */
  protected void writeRing(JsonGenerator json, Push push) throws IOException {
    Details details = push.details();
    writeCall(json, push);
    json.writeStringField("media-type", details.mediaType());
    writeParties(json, details);
    if (push.event().equals(Event.INCOMING_CONFERENCE)) {
      json.writeStringField("account", details.account());
    }
  }

  /** Writes the fields of a call's end. */
  protected void writeCancel(JsonGenerator json, Push push) throws IOException {
    writeCall(json, push);
    json.writeStringField("reason", push.details().reason());
  }

  /** Writes the fields of a message, {@code aps} among them. */
  protected void writeMessage(JsonGenerator json, Push push) throws IOException {
    Details details = push.details();
    json.writeObjectFieldStart("aps");
    writeAlert(json, alert(push), details.badge());
    json.writeStringField("message_id", push.callId());
    json.writeNumberField("content-available", 1);
    json.writeEndObject();
    json.writeObjectFieldStart("data");
    json.writeStringField("event", push.event().name());
    json.writeStringField("message_id", push.callId());
    writeParties(json, details);
    json.writeStringField("content", details.content());
    json.writeStringField("content_type", details.contentType());
    json.writeEndObject();
  }

  /** Writes the fields of a file, {@code aps} among them. */
  protected void writeTransfer(JsonGenerator json, Push push) throws IOException {
    Details details = push.details();
    json.writeObjectFieldStart("aps");
    writeAlert(json, alert(push), details.badge());
    json.writeEndObject();
    json.writeObjectFieldStart("data");
    json.writeStringField("event", push.event().name());
    writeParties(json, details);
    json.writeStringField("file-id", push.callId());
    json.writeStringField("media-type", details.mediaType());
    json.writeObjectFieldStart("metadata");
    json.writeStringField("filename", details.filename());
    json.writeStringField("filetype", details.filetype());
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Writes the fields of what only wakes the app. */
  protected void writeWake(JsonGenerator json, Push push) throws IOException {
    json.writeStringField("event", push.event().name());
    if (!push.callId().isEmpty()) {
      json.writeStringField("call-id", push.callId());
    }
  }

  private static void writeCall(JsonGenerator json, Push push) throws IOException {
    json.writeStringField("event", push.event().name());
    json.writeStringField("call-id", push.callId());
    json.writeStringField("session-id", SessionId.of(push.callId()));
  }

  private static void writeParties(JsonGenerator json, Details details) throws IOException {
    json.writeStringField("from_uri", details.from());
    json.writeStringField("from_display_name", details.fromDisplayName());
    json.writeStringField("to_uri", details.to());
  }

  private static void writeAlert(JsonGenerator json, Alert alert, int badge) throws IOException {
    writeShownAlert(json, alert);
    json.writeNumberField("badge", badge);
  }

  private static void writeShownAlert(JsonGenerator json, Alert alert) throws IOException {
    json.writeObjectFieldStart("alert");
    alert.writeTo(json);
    json.writeEndObject();
    json.writeStringField("sound", "default");
    json.writeNumberField("mutable-content", 1);
  }
}
