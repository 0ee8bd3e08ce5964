// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushserver.push.Event;
import org.pushserver.push.Push;

/**
 * What a push service wants of notifications that an operator has written down as JSON, with the
 * application type {@code template}. Stateless; any thread.
 */
public interface TemplateRules {
  /** Any JSON will do, and goes without headers. */
  TemplateRules ANY_JSON = new TemplateRules() {};

  /** {@return how long the service may keep a notification whose section does not say: 60 s} */
  default Duration lifetime() {
    return Duration.ofMinutes(1);
  }

  /**
   * {@return the further keys that a section may have with this service, each {@link
   * Setting#perEvent}}
   */
  default List<Setting> settings() {
    return List.of();
  }

  /**
   * The rules for the notifications of one event. Worker thread.
   *
   * @param settings what the section says; takes what is wrong with it
   * @return how they are made
   */
  default Notifications notifications(EventSettings settings) {
    return new Notifications() {};
  }

  /** What a section says for one event. */
  interface EventSettings {
    /** {@return the event} */
    Event event();

    /**
     * The value of a key for this event: its own, or that for all; empty when it has none.
     *
     * @param key in lower case
     * @return never blank
     */
    Optional<String> value(String key);

    /**
     * Reports that the value of a key stops the application.
     *
     * @param key in lower case
     * @param why the end of a sentence that begins with the value and "is"
     */
    void wrong(String key, String why);
  }

  /** A template, filled in. */
  @FunctionalInterface
  interface Body {
    /**
     * The JSON for one attempt.
     *
     * @param push what to tell
     * @param now milliseconds since the epoch, before the push's deadline
     * @return in UTF-8
     */
    Buffer of(Push push, long now);
  }

  /** How the notifications of one event are made, and what is to be in them. */
  interface Notifications {
    /**
     * Makes notifications of the JSON of a template: by default without headers.
     *
     * @param body the JSON
     * @param lifetime how long the service may keep one
     * @return one for all pushes of the event
     */
    default PayloadMaker maker(Body body, Duration lifetime) {
      return (push, now) -> new Payload(Map.of(), body.of(push, now));
    }

    /**
     * What is wrong with a notification that was made to try the template.
     *
     * @param notification the JSON that came of it
     * @param push what it is made of
     * @param ttl the seconds that the template was given to say how long the service may keep it
     * @return the end of a sentence about the push; empty when the service could take it
     */
    default Optional<String> problem(JsonNode notification, Push push, long ttl) {
      return Optional.empty();
    }
  }
}
