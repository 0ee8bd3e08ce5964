// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sylk;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.pushserver.push.Details;
import org.pushserver.push.Event;
import org.pushserver.push.Kind;
import org.pushserver.push.Push;
import org.pushserver.spi.FirebaseData;
import org.pushserver.spi.FirebasePayload;

/**
 * The notifications of Sylk Mobile on Firebase. Calls and messages are data only, for the app to
 * show; a file Android shows by itself. An application type that differs in one event overrides
 * that.
 */
public class SylkFirebase extends FirebasePayload {
  /** Shown beside the notice of a file, as existing installations have it. */
  private static final String IMAGE = "https://icanblink.com/apple-touch-icon-180x180.png";

  @Override
  protected void writeData(FirebaseData data, Push push) throws IOException {
    switch (push.event().kind()) {
      case RING -> writeRing(data, push);
      case CANCEL -> writeCancel(data, push);
      case MESSAGE -> writeText(data, push);
      case TRANSFER -> writeTransfer(data, push);
      case WAKE -> writeWake(data, push);
    }
  }

  /** Writes the data of a call or conference. */
  protected void writeRing(FirebaseData data, Push push) throws IOException {
    Details details = push.details();
    String name = details.fromDisplayName();
    writeCall(data, push);
    data.put("media-type", details.mediaType());
    data.put("from_uri", details.from());
    data.put("from_display_name", name == null || name.isEmpty() ? details.from() : name);
    data.put("to_uri", details.to());
    if (push.event().equals(Event.INCOMING_CONFERENCE)) {
      data.put("account", details.account());
    }
  }

  /** Writes the data of a call's end. */
  protected void writeCancel(FirebaseData data, Push push) throws IOException {
    writeCall(data, push);
    data.put("reason", push.details().reason());
  }

  /** Writes the data of a message. */
  protected void writeText(FirebaseData data, Push push) throws IOException {
    Details details = push.details();
    data.put("event", push.event().name());
    data.put("message_id", push.callId());
    data.put("from_uri", details.from());
    data.put("to_uri", details.to());
    data.put("content", details.content());
    data.put("content_type", details.contentType());
  }

  /** Writes the data of a file. */
  protected void writeTransfer(FirebaseData data, Push push) throws IOException {
    Details details = push.details();
    data.put("event", push.event().name());
    data.put("from_uri", details.from());
    data.put("to_uri", details.to());
    data.put("media-type", details.mediaType());
    data.put("file-id", push.callId());
    data.putObject(
        "metadata",
        json -> {
          json.writeStringField("filename", details.filename());
          json.writeStringField("filetype", details.filetype());
        });
  }

  /** Writes the data of what only wakes the app. */
  protected void writeWake(FirebaseData data, Push push) throws IOException {
    data.put("event", push.event().name());
    data.put("call-id", push.callId().isEmpty() ? null : push.callId());
  }

  /** What the phone shows of a file. */
  protected Alert alert(Push push) {
    return Alert.ofTransfer(push.details());
  }

  private static void writeCall(FirebaseData data, Push push) throws IOException {
    data.put("event", push.event().name());
    data.put("call-id", push.callId());
    data.put("session-id", SessionId.of(push.callId()));
  }

  @Override
  protected void writeMessage(JsonGenerator json, Push push) throws IOException {
    if (push.event().kind().isCall() || push.event().kind() == Kind.WAKE) {
      return;
    }
    // For apps on Apple devices that are reached through Firebase.
    json.writeObjectFieldStart("apns");
    json.writeObjectFieldStart("headers");
    json.writeStringField("apns-priority", "5");
    json.writeEndObject();
    json.writeEndObject();
    if (push.event().kind() == Kind.TRANSFER) {
      json.writeObjectFieldStart("notification");
      alert(push).writeTo(json);
      json.writeStringField("image", IMAGE);
      json.writeEndObject();
    }
  }

  @Override
  protected void writeAndroid(JsonGenerator json, Push push) throws IOException {
    if (push.event().kind() == Kind.TRANSFER) {
      json.writeObjectFieldStart("notification");
      json.writeStringField("channel_id", "sylk-messages-sound");
      json.writeStringField("sound", "default");
      json.writeBooleanField("default_sound", true);
      json.writeStringField("notification_priority", "PRIORITY_HIGH");
      json.writeEndObject();
    }
  }
}
