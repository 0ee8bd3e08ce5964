// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushserver.push.Event;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.PayloadMaker;

/** One application of the type {@code template}. */
final class ConfiguredTemplate implements ApplicationType {
  private final List<Event> events;
  private final Map<Event, PayloadMaker> makers;
  private final boolean wantsExtraFields;

  /**
   * @param events at least one, in their order
   * @param makers one for each
   * @param wantsExtraFields whether one of them uses further fields of requests
   */
  ConfiguredTemplate(
      List<Event> events, Map<Event, PayloadMaker> makers, boolean wantsExtraFields) {
    this.events = List.copyOf(events);
    this.makers = Map.copyOf(makers);
    this.wantsExtraFields = wantsExtraFields;
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

  /** For the push service that it was configured with. */
  @Override
  public Optional<PayloadMaker> payloadMaker(String platform) {
    return Optional.of((push, now) -> makers.get(push.event()).make(push, now));
  }
}
