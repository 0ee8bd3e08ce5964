// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

/**
 * Writes the {@code data} of a Firebase message. FCM refuses the whole message when one value is
 * not a string, so that is all that can be put here.
 *
 * <p>Valid only inside {@link FirebasePayload#writeData}. A key is put at most once.
 */
public final class FirebaseData {
  private final JsonGenerator json;

  FirebaseData(JsonGenerator json) {
    this.json = json;
  }

  /**
   * Adds a text.
   *
   * @param key not yet put
   * @param value null leaves the key out
   * @throws IllegalArgumentException when FCM keeps this key for itself: {@code from}, {@code gcm},
   *     {@code message_type} and all that begins with {@code google}
   * @throws IOException only passed on from what is written to
   */
  public void put(String key, String value) throws IOException {
    requireFree(key);
    if (value != null) {
      json.writeStringField(key, value);
    }
  }

  /**
   * Adds an object, as JSON text.
   *
   * @param key not yet put
   * @param fields writes the fields of the object
   * @throws IllegalArgumentException as for {@link #put}
   * @throws IOException only passed on from what is written to
   */
  public void putObject(String key, JsonFields fields) throws IOException {
    put(key, JsonBody.text(fields));
  }

  private static void requireFree(String key) {
    boolean reserved =
        switch (key) {
          case "from", "gcm", "message_type" -> true;
          default -> key.startsWith("google");
        };
    if (reserved) {
      throw new IllegalArgumentException("FCM does not accept the key " + key + " in data");
    }
  }
}
