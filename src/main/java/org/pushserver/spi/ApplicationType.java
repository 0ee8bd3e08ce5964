// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.pushserver.push.Event;

/**
 * A family of mobile applications that expect the same notifications: the {@code app_type} of a
 * section. Found by {@link java.util.ServiceLoader}, or as a source file in the folder of custom
 * applications; public, with a public constructor without arguments; stateless; any thread.
 */
public interface ApplicationType {
  /** {@return the value of {@code app_type} that selects it, in lower case} */
  String name();

  /**
   * {@return the events it understands, in the order in which messages to users list them; at least
   * one}
   */
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

  /** {@return the event of a request that names none; empty when a request must name one} */
  default Optional<Event> defaultEvent() {
    return Optional.empty();
  }

  /**
   * The fields that a request must have, by their names with dashes, in the order in which messages
   * to users list them: by default {@code call-id}, {@code from}, {@code to} and, unless the event
   * is a cancel, {@code media-type}; of a wake-up none. They must have text, but {@code call-id},
   * {@code from} and {@code to} may be empty. What every request must have ({@code app-id}, {@code
   * platform}, {@code token}, {@code event}) need not be named. Fields that are not required are
   * null when they are absent, the call-id empty.
   *
   * @param event one of {@link #events}
   * @return names with dashes
   */
  default List<String> requiredFields(Event event) {
    return StandardFields.required(event.kind());
  }

  /**
   * {@return the media types that a request may name, in the order in which messages to users list
   * them: by default {@code audio video image chat sms file-transfer}}
   */
  default List<String> mediaTypes() {
    return StandardFields.MEDIA_TYPES;
  }

  /**
   * Whether {@link org.pushserver.push.Details#extra} is to have the fields of a request that are
   * not among those that everybody knows: at most 32, with names of at most 64 characters and 16384
   * characters of text in all. A request with more is refused.
   *
   * @return false unless overridden
   */
  default boolean wantsExtraFields() {
    return false;
  }

  /**
   * The keys of its own that a section may have, without those that every application has and those
   * of its push service. Asked before anything is configured.
   *
   * @param service that of the section
   * @return empty when it does not say: then no key of its sections is taken for a slip, and any of
   *     their values may name a file within the configuration
   */
  default Optional<List<Setting>> settings(PushServiceProvider service) {
    return Optional.empty();
  }

  /**
   * This type as one application configures it; by default the type itself, which needs no settings
   * of its own. What requests and notifications of the application are made by is what this
   * returns. Runs on a worker thread and may block.
   *
   * @param config the application's section
   * @param warnings takes what is worth telling the operator although the application can run
   * @return what serves the application
   * @throws ConfigException with everything that is wrong, when it cannot
   */
  default ApplicationType configure(AppConfig config, Consumer<Problem> warnings)
      throws ConfigException {
    return this;
  }

  /**
   * The same, for a type to which it matters which push service the application has; by default as
   * above. This one is called.
   *
   * @param config the application's section
   * @param service that of the application
   * @param warnings takes what is worth telling the operator although the application can run
   * @return what serves the application
   * @throws ConfigException with everything that is wrong, when it cannot
   */
  default ApplicationType configure(
      AppConfig config, PushServiceProvider service, Consumer<Problem> warnings)
      throws ConfigException {
    return configure(config, warnings);
  }

  /**
   * How notifications of this type are made for a push service.
   *
   * @param platform one of the {@link PushServiceProvider#payloads} of the service, mostly its
   *     name, such as {@code apple}
   * @return empty when this type has no such notifications
   */
  Optional<PayloadMaker> payloadMaker(String platform);
}
