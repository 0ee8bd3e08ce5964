// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.pushserver.config.Limits;

/** A good request, to be spoilt by a test. */
public final class SampleRequest {
  /** Reads requests within the limits that are the default. */
  public static final JsonFactory JSON = JsonReader.factory(Limits.DEFAULT);

  static final Caller CALLER = new Caller("127.0.0.1", null);

  public static final String APPLE_TOKEN =
      "6688ff9c1e2d3b4a5968778695a4b3c2d1e0f00112233445566778899aabbcc0";
  public static final String FCM_TOKEN = "cX1Yz_abcDEF:APA91bHPRgkFLJu7kqtQ9fH3sT0vG5nUeDkNwq";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final ObjectNode fields = MAPPER.createObjectNode();

  private SampleRequest(String appId, String platform, String token) {
    fields
        .put("app-id", appId)
        .put("platform", platform)
        .put("token", token)
        .put("call-id", "Y2NlNzg0@192.0.2.1")
        .put("from", "sip:alice@example.com")
        .put("to", "sip:bob@example.com")
        .put("event", "incoming_session")
        .put("media-type", "audio")
        .put("silent", true);
  }

  public static SampleRequest apple() {
    return new SampleRequest("com.example.phone", "apple", APPLE_TOKEN);
  }

  public static SampleRequest firebase() {
    return new SampleRequest("com.example.phone", "firebase", FCM_TOKEN);
  }

  public static SampleRequest linphone() {
    return new SampleRequest("org.example.lin", "firebase", FCM_TOKEN);
  }

  public static SampleRequest custom() {
    return new SampleRequest("com.example.other", "pigeon", "loft-3/west");
  }

  /** Sets a field to a JSON value, given as JSON text. */
  public SampleRequest with(String name, String json) {
    try {
      fields.set(name, MAPPER.readTree(json));
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + json, e);
    }
    return this;
  }

  public SampleRequest withText(String name, String text) {
    fields.put(name, text);
    return this;
  }

  public SampleRequest without(String... names) {
    for (String name : names) {
      JsonNode removed = fields.remove(name);
      if (removed == null) {
        throw new AssertionError("the sample has no " + name);
      }
    }
    return this;
  }

  @Override
  public String toString() {
    return fields.toString();
  }

  public byte[] bytes() {
    return toString().getBytes(StandardCharsets.UTF_8);
  }
}
