// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.pushserver.push.Push;

/**
 * Base of the notifications of one application type on Firebase: an HTTP v1 message {@code
 * {"message": {"token", "data", "android": {"priority": "high", "ttl"}}}}. A subclass writes the
 * data and overrides what else differs for its app:
 *
 * <pre>{@code
 * final class DoorbellFirebase extends FirebasePayload {
 *   @Override
 *   protected void writeData(FirebaseData data, Push push) throws IOException {
 *     data.put("call-id", push.callId());
 *     data.put("door", push.details().from());
 *   }
 * }
 * }</pre>
 *
 * <p>To wake an app for a call, send nothing but data: a message with a {@code notification} is
 * shown by Android itself while the app is in the background. Subclasses are stateless: one
 * instance serves any number of threads. FCM takes at most 4096 bytes of keys and values.
 */
public abstract class FirebasePayload implements PayloadMaker {
  private static final Duration LIFETIME = Duration.ofSeconds(60);

  /**
   * Writes what the app expects.
   *
   * @param data takes the keys and their texts
   * @param push what to tell
   * @throws IOException only passed on from {@code data}
   * @throws RuntimeException when this push cannot be told: it ends as refused, with the message
   */
  protected abstract void writeData(FirebaseData data, Push push) throws IOException;

  /**
   * Writes further fields of {@code message}, beside {@code token}, {@code data} and {@code
   * android}; by default none.
   *
   * @param json stands inside the open object
   * @param push what to tell
   * @throws IOException only passed on from {@code json}
   */
  protected void writeMessage(JsonGenerator json, Push push) throws IOException {}

  /**
   * Writes further fields of {@code android}, beside {@code priority} and {@code ttl}; by default
   * none.
   *
   * @param json stands inside the open object
   * @param push what to tell
   * @throws IOException only passed on from {@code json}
   */
  protected void writeAndroid(JsonGenerator json, Push push) throws IOException {}

  /**
   * How long FCM may keep trying to reach the phone, counted from each time that the message is
   * sent; 0 to 28 days, by default 60 s. The push's deadline ends it in any case.
   *
   * @param push what to tell
   * @return only its whole seconds count
   */
  protected Duration lifetime(Push push) {
    return LIFETIME;
  }

  /**
   * The {@code priority} for Android: {@code high} is now, {@code normal} when it suits the
   * battery; by default high, but for a wake-up that is not {@linkplain Push#isUrgent urgent}.
   *
   * @param push what to tell
   * @return {@code high} or {@code normal}
   */
  protected String priority(Push push) {
    return push.isUrgent() ? "high" : "normal";
  }

  @Override
  public Payload make(Push push, long now) {
    return make(push, now, false);
  }

  /** {@return the same, with {@code push-id} and {@code expires-at} in {@code data}, as texts} */
  @Override
  public Optional<PayloadMaker> identified() {
    return Optional.of((push, now) -> make(push, now, true));
  }

  private Payload make(Push push, long now, boolean identified) {
    return new Payload(
        Map.of(),
        JsonBody.bytes(
            json -> {
              json.writeObjectFieldStart("message");
              json.writeStringField("token", push.device().token());
              json.writeObjectFieldStart("data");
              FirebaseData data = new FirebaseData(json);
              writeData(data, push);
              if (identified) {
                data.put(PUSH_ID, push.id().toString());
                data.put(EXPIRES_AT, Long.toString(push.deadline()));
              }
              json.writeEndObject();
              json.writeObjectFieldStart("android");
              json.writeStringField("priority", priority(push));
              json.writeStringField("ttl", ttl(push, now));
              writeAndroid(json, push);
              json.writeEndObject();
              writeMessage(json, push);
              json.writeEndObject();
            }));
  }

  /**
   * Whole seconds, rounded down so that FCM never delivers after the deadline. {@code 0s} is now or
   * never, which is right in the last second of a push.
   */
  private String ttl(Push push, long now) {
    return Math.min(lifetime(push).toMillis(), push.remaining(now)) / 1000 + "s";
  }
}
