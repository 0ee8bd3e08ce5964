// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Optional;
import org.pushserver.push.Push;

/**
 * Base of the notifications of one application type on Apple's platform. A subclass writes the
 * fields of the JSON and overrides what else differs for its app:
 *
 * <pre>{@code
 * final class DoorbellApple extends ApplePayload {
 *   @Override
 *   protected void writeFields(JsonGenerator json, Push push) throws IOException {
 *     json.writeStringField("call-id", push.callId());
 *     json.writeStringField("door", push.details().from());
 *   }
 * }
 * }</pre>
 */
public abstract class ApplePayload extends AppleNotification {
  /**
   * Writes what the app expects, as fields of the outermost object. {@code aps} is one of them,
   * except in a background push: there it may contain nothing but {@code content-available}, and
   * has been written already.
   *
   * @param json stands inside the open object; a null text is written as a JSON null
   * @param push what to tell
   * @throws IOException only passed on from {@code json}
   * @throws RuntimeException when this push cannot be told: it ends as refused, with the message
   */
  protected abstract void writeFields(JsonGenerator json, Push push) throws IOException;

  @Override
  protected final Buffer body(Push push, long now) {
    return body(push, false);
  }

  /** {@return the same, with {@code push-id} and {@code expires-at} in the outermost object} */
  @Override
  public Optional<PayloadMaker> identified() {
    return Optional.of((push, now) -> new Payload(headers(push, now), body(push, true)));
  }

  private Buffer body(Push push, boolean identified) {
    boolean background = pushType(push) == ApplePushType.BACKGROUND;
    return JsonBody.bytes(
        json -> {
          if (background) {
            json.writeObjectFieldStart("aps");
            json.writeNumberField("content-available", 1);
            json.writeEndObject();
          }
          writeFields(json, push);
          if (identified) {
            json.writeStringField(PUSH_ID, push.id().toString());
            json.writeNumberField(EXPIRES_AT, push.deadline());
          }
        });
  }
}
