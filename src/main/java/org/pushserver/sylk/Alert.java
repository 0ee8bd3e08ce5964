// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sylk;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.pushserver.push.Details;

/**
 * What the phone shows of a message or file, the same on both platforms.
 *
 * @param title the first line
 * @param body the second
 */
public record Alert(String title, String body) {
  /** {@code New message}, or who it is from by name; and by address. */
  public static Alert ofMessage(Details details) {
    String name = details.fromDisplayName();
    return new Alert(name == null || name.isEmpty() ? "New message" : name, from(details));
  }

  /** What comes in, and who it is from: by name, or else by address. */
  public static Alert ofCall(Details details) {
    String name = details.fromDisplayName();
    return new Alert(
        "video".equals(details.mediaType()) ? "Incoming video call" : "Incoming call",
        name == null || name.isEmpty() ? from(details) : "From " + name);
  }

  /** What is new, and who it is from. */
  public static Alert ofTransfer(Details details) {
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
