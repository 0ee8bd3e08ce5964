// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.pushserver.push.Device;
import org.pushserver.tokens.StoredToken;

/** What is answered of stored tokens, in JSON: each writes one object. */
final class TokenWords {
  private TokenWords() {}

  /** A record as it was stored; of several tokens the one for calls. */
  static void stored(JsonGenerator json, StoredToken token) throws IOException {
    json.writeStartObject();
    writeDevice(json, token);
    json.writeStringField(Field.TOKEN.wireName(), token.token());
    json.writeEndObject();
  }

  /**
   * A request to remove a device, as it came.
   *
   * @param deviceId null when it had none
   */
  static void removed(JsonGenerator json, String appId, String deviceId) throws IOException {
    json.writeStartObject();
    json.writeStringField(Field.APP_ID.wireName(), appId);
    json.writeStringField(Field.DEVICE_ID.wireName(), deviceId);
    json.writeEndObject();
  }

  /** What came of such a request, in words. */
  static void result(JsonGenerator json, String words) throws IOException {
    one(json, "result", words);
  }

  /** One text. */
  static void one(JsonGenerator json, String name, String text) throws IOException {
    json.writeStartObject();
    json.writeStringField(name, text);
    json.writeEndObject();
  }

  /** The devices of an account, for people: without what could be pushed to. */
  static void list(JsonGenerator json, String account, List<StoredToken> devices)
      throws IOException {
    json.writeStartObject();
    json.writeStringField(Field.ACCOUNT.wireName(), account);
    json.writeArrayFieldStart("devices");
    for (StoredToken device : devices) {
      json.writeStartObject();
      writeDevice(json, device);
      json.writeStringField(Field.TOKEN.wireName(), cut(device.token()));
      json.writeStringField(
          "background-token", device.background() == null ? null : cut(device.background()));
      writeTime(json, "stored-at", device.storedAt());
      writeTime(json, "last-seen", device.lastSeen());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void writeDevice(JsonGenerator json, StoredToken token) throws IOException {
    json.writeStringField(Field.APP_ID.wireName(), token.app().appId());
    json.writeStringField(Field.PLATFORM.wireName(), token.app().platform());
    json.writeStringField(Field.DEVICE_ID.wireName(), token.deviceId());
    json.writeBooleanField(Field.SILENT.wireName(), token.silent());
    json.writeStringField(TokenReader.USER_AGENT, token.userAgent());
  }

  private static String cut(String token) {
    return token.isEmpty() ? token : new Device(token, null).shortToken();
  }

  private static void writeTime(JsonGenerator json, String name, long at) throws IOException {
    json.writeStringField(name, at == 0 ? null : Instant.ofEpochMilli(at).toString());
  }
}
