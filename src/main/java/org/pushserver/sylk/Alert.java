// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sylk;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.pushserver.push.Details;

/** What the phone shows of a message or file, the same on both platforms. */
record Alert(String title, String body) {
  static Alert ofMessage(Details details) {
    String name = details.fromDisplayName();
    return new Alert(name == null || name.isEmpty() ? "New message" : name, from(details));
  }

  static Alert ofTransfer(Details details) {
    String media = details.mediaType();
    boolean recording = "audio".equals(media) || "video".equals(media);
    return new Alert(recording ? "New " + media + " message" : "New file", from(details));
  }

  private static String from(Details details) {
    return "From " + details.from();
  }

  void writeTo(JsonGenerator json) throws IOException {
    json.writeStringField("title", title);
    json.writeStringField("body", body);
  }
}
