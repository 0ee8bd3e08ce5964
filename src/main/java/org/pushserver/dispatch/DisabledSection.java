// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.Objects;
import java.util.Optional;
import org.pushserver.push.AppKey;

/**
 * A section of the configuration that no application runs from.
 *
 * @param section its label; empty when it is the whole file that nobody can tell the meaning of
 * @param key what requests would select it by; empty when the section does not say
 * @param reason what is wrong with it, for an operator; no secret
 */
public record DisabledSection(String section, Optional<AppKey> key, String reason) {
  public DisabledSection {
    Objects.requireNonNull(section, "section");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(reason, "reason");
  }
}
