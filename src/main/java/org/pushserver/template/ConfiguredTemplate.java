// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.template;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.spi.AppleNotification;
import org.pushserver.spi.ApplePushType;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Payload;
import org.pushserver.spi.PayloadMaker;

/** One application of the type {@code template}. */
final class ConfiguredTemplate implements ApplicationType {
  private final List<Event> events;
  private final Map<Event, EventTemplate> templates;
  private final boolean wantsExtraFields;

  /**
   * @param events at least one, in their order
   * @param templates one for each
   */
  ConfiguredTemplate(List<Event> events, Map<Event, EventTemplate> templates) {
    this.events = List.copyOf(events);
    this.templates = Map.copyOf(templates);
    wantsExtraFields =
        templates.values().stream().anyMatch(one -> !one.template().extraFields().isEmpty());
  }

  @Override
  public String name() {
    return TemplateApplication.NAME;
  }

  @Override
  public List<Event> events() {
    return events;
  }

  /** {@code incoming_conference} means the same as {@code incoming_conference_request}. */
  @Override
  public Optional<Event> event(String name) {
    return ApplicationType.super.event(
        name.equals("incoming_conference") ? Event.INCOMING_CONFERENCE.name() : name);
  }

  /** The only one. */
  @Override
  public Optional<Event> defaultEvent() {
    return events.size() == 1 ? Optional.of(events.get(0)) : Optional.empty();
  }

  @Override
  public boolean wantsExtraFields() {
    return wantsExtraFields;
  }

  @Override
  public Optional<PayloadMaker> payloadMaker(String platform) {
    return Optional.of(
        platform.equals(AppKey.APPLE)
            ? new Apple(templates)
            : (push, now) -> new Payload(Map.of(), templates.get(push.event()).body(push, now)));
  }

  private static final class Apple extends AppleNotification {
    private final Map<Event, EventTemplate> templates;

    Apple(Map<Event, EventTemplate> templates) {
      this.templates = templates;
    }

    private EventTemplate of(Push push) {
      return templates.get(push.event());
    }

    @Override
    protected Buffer body(Push push, long now) {
      return of(push).body(push, now);
    }

    @Override
    protected ApplePushType pushType(Push push) {
      return of(push).pushType();
    }

    @Override
    protected int priority(Push push) {
      return of(push).priority();
    }

    @Override
    protected Duration lifetime(Push push) {
      return of(push).lifetime();
    }

    @Override
    protected String topic(Push push) {
      String own = of(push).topic();
      return own == null ? super.topic(push) : own;
    }
  }
}
