// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.events;

import java.util.Set;
import org.pushserver.push.AppKey;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.TokenForm;

/**
 * What whoever builds a push has to know about the application that it is for.
 *
 * @param key what requests select it by
 * @param section its label in the configuration, for messages
 * @param type which events it understands
 * @param delivery how long a push of it lives
 * @param tokens how the tokens of its devices look
 * @param keepsRequests whether its pushes are to keep the request as it was received
 * @param aliases further names by which requests may select it on its platform
 */
public record Application(
    AppKey key,
    String section,
    ApplicationType type,
    Delivery delivery,
    TokenForm tokens,
    boolean keepsRequests,
    Set<String> aliases) {
  public Application {
    aliases = Set.copyOf(aliases);
  }

  /** One without further names. */
  public Application(
      AppKey key,
      String section,
      ApplicationType type,
      Delivery delivery,
      TokenForm tokens,
      boolean keepsRequests) {
    this(key, section, type, delivery, tokens, keepsRequests, Set.of());
  }

  /** One with any tokens, whose pushes keep nothing of their request. */
  public Application(AppKey key, String section, ApplicationType type, Delivery delivery) {
    this(key, section, type, delivery, TokenForm.PRINTABLE, false);
  }
}
