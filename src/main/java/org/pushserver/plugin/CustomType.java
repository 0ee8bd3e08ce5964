// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.pushserver.push.Event;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.Problem;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.Setting;

/**
 * An application type from a plugin. What is wrong with it hurts its own pushes alone: whatever it
 * throws becomes what its interface allows.
 */
final class CustomType implements ApplicationType {
  private static final String NAME = "[a-z0-9][a-z0-9._-]{0,63}";

  private final ApplicationType custom;
  private final String name;
  private final List<Event> events;

  /**
   * @throws IllegalArgumentException when its name or events are not what they must be
   */
  CustomType(ApplicationType custom) {
    this.custom = custom;
    name = requireName(custom.name());
    events = List.copyOf(custom.events());
    if (events.isEmpty()) {
      throw new IllegalArgumentException("the application type " + name + " has no events");
    }
  }

  /** What app_type and app_platform may be. */
  static String requireName(String name) {
    if (!Objects.requireNonNull(name, "it has no name").matches(NAME)) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name; use lower-case letters, digits, dots and dashes");
    }
    return name;
  }

  /** What is behind it. */
  ApplicationType custom() {
    return custom;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public List<Event> events() {
    return events;
  }

  @Override
  public Optional<Event> event(String wireName) {
    return custom.event(wireName);
  }

  @Override
  public Optional<Event> defaultEvent() {
    return custom.defaultEvent();
  }

  @Override
  public List<String> requiredFields(Event event) {
    return custom.requiredFields(event);
  }

  @Override
  public List<String> mediaTypes() {
    return custom.mediaTypes();
  }

  @Override
  public boolean wantsExtraFields() {
    return custom.wantsExtraFields();
  }

  @Override
  public Optional<List<Setting>> settings(PushServiceProvider service) {
    try {
      return custom.settings(service).map(List::copyOf);
    } catch (RuntimeException | Error e) {
      return Optional.empty(); // As of one that does not say.
    }
  }

  @Override
  public ApplicationType configure(AppConfig config, Consumer<Problem> warnings)
      throws ConfigException {
    return guarded(custom.configure(config, warnings));
  }

  @Override
  public ApplicationType configure(
      AppConfig config, PushServiceProvider service, Consumer<Problem> warnings)
      throws ConfigException {
    return guarded(custom.configure(config, service, warnings));
  }

  private ApplicationType guarded(ApplicationType configured) {
    return configured == custom ? this : new CustomType(configured);
  }

  @Override
  public Optional<PayloadMaker> payloadMaker(String platform) {
    return custom
        .payloadMaker(platform)
        .map(maker -> new CustomMaker("the application type " + name, maker));
  }
}
