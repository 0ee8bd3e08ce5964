// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A kind of push service: the {@code app_platform} of a section. Found by {@link
 * java.util.ServiceLoader}; one instance serves all its applications, so that they can share
 * credentials; thread safe.
 */
public interface PushServiceProvider {
  /** {@return the value of {@code app_platform} that selects it, in lower case} */
  String platform();

  /**
   * Further names by which requests and sections may call it, in lower case. A name that another
   * service has already is not used.
   *
   * @return none unless overridden
   */
  default Set<String> aliases() {
    return Set.of();
  }

  /**
   * The keys of its own that a section may have, without those that every application has. Asked
   * before anything is configured.
   *
   * @return empty when it does not say: then no key of its sections is taken for a slip, and any of
   *     their values may name a file within the configuration
   */
  default Optional<List<Setting>> settings() {
    return Optional.empty();
  }

  /** {@return how its device tokens look: by default {@link TokenForm#PRINTABLE}} */
  default TokenForm tokens() {
    return TokenForm.PRINTABLE;
  }

  /**
   * The notifications that it takes, by the names that {@link ApplicationType#payloadMaker} is
   * asked for, best first: by default those made for {@link #platform}. A service that passes on
   * what Firebase takes, and says so, serves the apps that know Firebase.
   *
   * @return at least one
   */
  default List<String> payloads() {
    return List.of(platform());
  }

  /** {@return what it wants of notifications from templates: by default any JSON} */
  default TemplateRules templates() {
    return TemplateRules.ANY_JSON;
  }

  /**
   * Step 1 in the life of a {@link PushService}: reads and checks everything that it is configured
   * with, its files included, without opening a connection. Runs on a worker thread and may block.
   *
   * @param config the application's section
   * @param warnings takes what is worth telling the operator although the service can run
   * @return one that has not been opened
   * @throws ConfigException with everything that is wrong, when it cannot
   */
  PushService create(AppConfig config, Consumer<Problem> warnings) throws ConfigException;
}
