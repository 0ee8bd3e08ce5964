// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.pushserver.push.Kind;
import org.pushserver.push.Push;
import org.pushserver.spi.AppleNotification;
import org.pushserver.spi.ApplePushType;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.Setting;
import org.pushserver.spi.TemplateRules;

/** Notifications from templates: the whole JSON, with headers that the section may change. */
final class AppleTemplates implements TemplateRules {
  private static final String PUSH_TYPE = "push_type";
  private static final String PRIORITY = "priority";
  private static final String TOPIC = "topic";
  private static final String VOIP = ".voip";

  @Override
  public Duration lifetime() {
    return Duration.ofMinutes(2);
  }

  @Override
  public List<Setting> settings() {
    return List.of(
        Setting.text(PUSH_TYPE).perEvent(),
        Setting.text(PRIORITY).perEvent(),
        Setting.text(TOPIC).perEvent());
  }

  @Override
  public Notifications notifications(EventSettings settings) {
    ApplePushType type = pushType(settings);
    return new Alerts(type, priority(settings, type), settings.value(TOPIC).orElse(null));
  }

  private static ApplePushType pushType(EventSettings settings) {
    Kind kind = settings.event().kind();
    ApplePushType usual = ApplePushType.of(kind);
    Optional<String> value = settings.value(PUSH_TYPE);
    if (value.isEmpty()) {
      return usual;
    }
    for (ApplePushType type : ApplePushType.values()) {
      if (type.header().equals(value.get().toLowerCase(Locale.ROOT))) {
        if (type == ApplePushType.VOIP && kind != Kind.RING) {
          settings.wrong(PUSH_TYPE, "for a ring only; iOS stops an app that shows no call for it");
        }
        return type;
      }
    }
    settings.wrong(PUSH_TYPE, "not one of alert, background, voip");
    return usual;
  }

  private static int priority(EventSettings settings, ApplePushType type) {
    Optional<String> value = settings.value(PRIORITY);
    if (value.isEmpty()) {
      return type.priority();
    }
    if (!List.of("1", "5", "10").contains(value.get())) {
      settings.wrong(PRIORITY, "not one of 1, 5, 10");
      return type.priority();
    }
    if (type == ApplePushType.BACKGROUND && !value.get().equals("5")) {
      settings.wrong(
          PRIORITY,
          "not possible for " + settings.event() + ": Apple takes background pushes with 5 only");
    }
    return Integer.parseInt(value.get());
  }

  /**
   * Those of one event.
   *
   * @param topic null for the usual one
   */
  private record Alerts(ApplePushType type, int priority, String topic) implements Notifications {
    @Override
    public PayloadMaker maker(Body body, Duration lifetime) {
      return new FilledIn(this, body, lifetime);
    }

    @Override
    public Optional<String> problem(JsonNode notification, Push push, long ttl) {
      if (!notification.isObject()) {
        return Optional.of("it makes no JSON object");
      }
      if (type == ApplePushType.BACKGROUND
          && notification.at("/aps/content-available").asInt() != 1) {
        return Optional.of(
            "it lacks \"aps\": {\"content-available\": 1}, without which a background push wakes"
                + " no app");
      }
      return Optional.empty();
    }
  }

  private static final class FilledIn extends AppleNotification {
    private final Alerts alerts;
    private final Body body;
    private final Duration lifetime;

    FilledIn(Alerts alerts, Body body, Duration lifetime) {
      this.alerts = alerts;
      this.body = body;
      this.lifetime = lifetime;
    }

    @Override
    protected Buffer body(Push push, long now) {
      return body.of(push, now);
    }

    @Override
    protected ApplePushType pushType(Push push) {
      return isShown(push) ? ApplePushType.ALERT : alerts.type();
    }

    @Override
    protected int priority(Push push) {
      return alerts.priority();
    }

    @Override
    protected Duration lifetime(Push push) {
      return lifetime;
    }

    @Override
    protected String topic(Push push) {
      if (alerts.topic() == null) {
        return super.topic(push);
      }
      boolean voip = alerts.topic().endsWith(VOIP);
      return voip && isShown(push)
          ? alerts.topic().substring(0, alerts.topic().length() - VOIP.length())
          : alerts.topic();
    }

    /** What a phone without a VoIP token would not be sent otherwise. */
    private boolean isShown(Push push) {
      return alerts.type() == ApplePushType.VOIP && isShownRing(push);
    }
  }
}
