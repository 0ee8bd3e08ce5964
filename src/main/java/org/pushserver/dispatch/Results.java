// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.MessageCodec;
import io.vertx.core.json.JsonObject;
import java.util.UUID;
import org.pushserver.events.PushListener;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;

/**
 * Publishes the end of each push on the event bus, as JSON in the form of schema/result.json. Its
 * text is made only when a listener takes the message, so that without one it costs next to
 * nothing.
 */
final class Results implements PushListener {
  /** What of its form never changes; event-bus.md says what may come besides. */
  private static final int VERSION = 1;

  /** An end that nobody has asked for yet. */
  private record End(Push push, Outcome outcome, long endedAt) {
    JsonObject json() {
      Response response = outcome.response();
      return new JsonObject()
          .put("version", VERSION)
          .put("id", push.id().toString())
          .put("call_id", push.callId())
          .put("app_id", push.app().appId())
          .put("platform", push.app().platform())
          .put("event", push.event().name())
          .put("device_id", push.device().id())
          .put("token", push.device().token())
          .put("result", outcome.result().name())
          .put("code", response.code())
          .put("reason", response.reason())
          .put("url", response.url())
          .put("attempts", outcome.attempts())
          .put("born_at", push.bornAt())
          .put("ended_at", endedAt);
    }
  }

  private final EventBus bus;
  private final String address;
  private final boolean clustered;
  private final Lazy codec = new Lazy("pushserver.result." + UUID.randomUUID());
  private final DeliveryOptions options = new DeliveryOptions().setCodecName(codec.name());

  /**
   * @param address where they are published
   */
  Results(Vertx vertx, String address) {
    this.address = address;
    bus = vertx.eventBus();
    clustered = vertx.isClustered();
    bus.registerCodec(codec);
  }

  /** To be called when no push ends any more. */
  void close() {
    bus.unregisterCodec(codec.name());
  }

  @Override
  public void ended(Push push, Outcome outcome, long now) {
    End end = new End(push, outcome, now);
    if (clustered) {
      // Other members need not know our codec.
      bus.publish(address, end.json());
    } else {
      bus.publish(address, end, options);
    }
  }

  /**
   * Makes the JSON for each listener that looks.
   *
   * @param name its own in this JVM, as {@link Job.Codec}
   */
  private record Lazy(String name) implements MessageCodec<End, JsonObject> {
    @Override
    public JsonObject transform(End end) {
      return end.json();
    }

    @Override
    public void encodeToWire(Buffer buffer, End end) {
      throw new UnsupportedOperationException("only within one process");
    }

    @Override
    public JsonObject decodeFromWire(int position, Buffer buffer) {
      throw new UnsupportedOperationException("only within one process");
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }
  }
}
