// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.pushserver.push.Push;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.Setting;
import org.pushserver.spi.TemplateRules;

/**
 * What a plugin's push service wants of templates. What it throws while a section is read disables
 * that; later it ends the push at hand.
 */
final class CustomTemplates implements TemplateRules {
  private final String owner;
  private final TemplateRules custom;
  private final Duration lifetime;
  private final List<Setting> settings;

  /**
   * @param owner whose they are, for messages
   */
  CustomTemplates(String owner, TemplateRules custom) {
    this.owner = owner;
    this.custom = Objects.requireNonNull(custom, "no rules for templates");
    lifetime = Objects.requireNonNull(custom.lifetime(), "no lifetime");
    settings = List.copyOf(custom.settings());
  }

  @Override
  public Duration lifetime() {
    return lifetime;
  }

  @Override
  public List<Setting> settings() {
    return settings;
  }

  @Override
  public Notifications notifications(EventSettings section) {
    Notifications made = Objects.requireNonNull(custom.notifications(section), "no notifications");
    return new Notifications() {
      @Override
      public PayloadMaker maker(Body body, Duration longest) {
        return new CustomMaker(owner, made.maker(body, longest));
      }

      @Override
      public Optional<String> problem(JsonNode notification, Push push, long ttl) {
        return made.problem(notification, push, ttl);
      }
    };
  }
}
