// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.webpush;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.pushserver.push.Answer;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Condition;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.Problem;
import org.pushserver.spi.PushService;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.Setting;
import org.pushserver.spi.TemplateRules;
import org.pushserver.spi.Time;
import org.pushserver.spi.TokenForm;

/** A push service as one more package would have it; what it takes is delivered. */
public final class WebPushProvider implements PushServiceProvider {
  @Override
  public String platform() {
    return "webpush";
  }

  @Override
  public Set<String> aliases() {
    return Set.of("browser");
  }

  @Override
  public Optional<List<Setting>> settings() {
    return Optional.of(
        List.of(
            Setting.file("vapid_key").needed("name the file with the key of the server"),
            Setting.text("vapid_subject")));
  }

  /** The address that a browser gives out. */
  @Override
  public TokenForm tokens() {
    return token ->
        token.startsWith("https://") ? Optional.empty() : TokenForm.wrong("an https address", 0);
  }

  /** Its own notifications, and what is made for Android. */
  @Override
  public List<String> payloads() {
    return List.of("webpush", "firebase");
  }

  /** With a header that the section may change, and a title in the JSON. */
  @Override
  public TemplateRules templates() {
    return new TemplateRules() {
      @Override
      public List<Setting> settings() {
        return List.of(Setting.text("urgency").perEvent());
      }

      @Override
      public Notifications notifications(EventSettings settings) {
        String urgency = settings.value("urgency").orElse("high");
        if (!List.of("low", "high").contains(urgency)) {
          settings.wrong("urgency", "neither low nor high");
        }
        return new Titled(urgency);
      }
    };
  }

  private record Titled(String urgency) implements TemplateRules.Notifications {
    @Override
    public PayloadMaker maker(TemplateRules.Body body, Duration lifetime) {
      return (push, now) -> new Payload(Map.of("urgency", urgency), body.of(push, now));
    }

    @Override
    public Optional<String> problem(JsonNode notification, Push push, long ttl) {
      return notification.has("title") ? Optional.empty() : Optional.of("it lacks a title");
    }
  }

  @Override
  public PushService create(AppConfig config, Consumer<Problem> warnings) {
    return new Taker();
  }

  private static final class Taker implements PushService {
    @Override
    public Future<Void> open(Vertx vertx, Time time, Runnable changed) {
      return Future.succeededFuture();
    }

    @Override
    public int window() {
      return 1;
    }

    @Override
    public Condition condition() {
      return Condition.CONNECTED;
    }

    @Override
    public Future<Answer> send(Push push, Payload payload) {
      return Future.succeededFuture(
          new Answer.Delivered(
              new Response(
                  200,
                  "",
                  push.device().token(),
                  "{\"urgency\": \"" + payload.headers().get("urgency") + "\"}")));
    }

    @Override
    public Future<Void> close() {
      return Future.succeededFuture();
    }
  }
}
