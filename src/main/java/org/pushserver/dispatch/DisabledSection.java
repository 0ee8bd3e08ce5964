// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.pushserver.push.AppKey;

/**
 * A section of the configuration that no application runs from.
 *
 * @param section its label; empty when it is the whole file that nobody can tell the meaning of
 * @param key what requests would select it by; empty when the section does not say
 * @param aliases the further names by which requests may call its application
 * @param reason what is wrong with it, for an operator; no secret
 */
public record DisabledSection(
    String section, Optional<AppKey> key, Set<String> aliases, String reason) {
  public DisabledSection {
    Objects.requireNonNull(section, "section");
    Objects.requireNonNull(key, "key");
    aliases = Set.copyOf(aliases);
    Objects.requireNonNull(reason, "reason");
  }

  /** One without further names. */
  public DisabledSection(String section, Optional<AppKey> key, String reason) {
    this(section, key, Set.of(), reason);
  }

  /** Whether its application has this further name. */
  boolean hasAlias(AppKey name) {
    return aliases.contains(name.appId())
        && key.isPresent()
        && key.get().platform().equals(name.platform());
  }

  /** The one of some that is, or may be, meant for a key; empty when none is. */
  static Optional<DisabledSection> meant(List<DisabledSection> some, AppKey key) {
    Optional<DisabledSection> meant =
        some.stream()
            .filter(one -> one.key().isPresent() && one.key().get().equals(key))
            .findFirst();
    // Who knows what a file is about that cannot be read.
    return meant
        .or(() -> some.stream().filter(one -> one.hasAlias(key)).findFirst())
        .or(() -> some.stream().filter(one -> one.section().isEmpty()).findFirst());
  }
}
