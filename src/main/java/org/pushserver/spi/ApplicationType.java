// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.util.List;
import java.util.Optional;
import org.pushserver.push.Event;

/**
 * A family of mobile applications that expect the same notifications: the {@code app_type} of a
 * section. Found by {@link java.util.ServiceLoader}; stateless; any thread.
 */
public interface ApplicationType {
  /** The value of {@code app_type} that selects it, in lower case. */
  String name();

  /** The events it understands, in the order in which messages to users list them. */
  List<Event> events();

  /**
   * The event that a request's name means, synonyms included.
   *
   * @param name as received
   * @return empty when this type has no such event
   */
  default Optional<Event> event(String name) {
    return events().stream().filter(event -> event.name().equals(name)).findFirst();
  }

  /** The event of a request that names none; empty when a request must name one. */
  default Optional<Event> defaultEvent() {
    return Optional.empty();
  }

  /**
   * How notifications of this type are made for a push service.
   *
   * @param platform canonical, such as {@code apple}
   * @return empty when this type does not exist on that platform
   */
  Optional<PayloadMaker> payloadMaker(String platform);
}
