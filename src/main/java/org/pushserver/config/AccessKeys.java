// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

/**
 * The keys of general.ini that say who may come in, and what looks as if it was meant to be one of
 * them. A misspelt one would leave the door open without a word, so it is FATAL.
 */
final class AccessKeys {
  /** Each with its section. */
  private static final Map<String, String> SECTIONS =
      Map.of(
          "allowed_hosts", "server",
          "api_keys", "server",
          "tls_certificate", "server",
          "tls_client_ca", "server",
          "trusted_proxies", "server",
          "rate_limit", "limits");

  /** Whoever writes a key with one of these in it wants to be safe from something. */
  private static final Set<String> WORDS =
      Set.of("tls", "ssl", "cert", "allow", "deny", "api_key", "apikey", "whitelist");

  private final IniFile ini;
  private final Consumer<Problem> problems;

  AccessKeys(IniFile ini, Consumer<Problem> problems) {
    this.ini = ini;
    this.problems = problems;
  }

  static boolean contains(String key) {
    return SECTIONS.containsKey(key);
  }

  /** Looks at all sections, known or not. */
  void check() {
    inDefaults();
    ini.sections()
        .forEach(
            (section, keys) -> {
              Set<String> own = new HashSet<>(keys.keySet());
              own.removeAll(ini.defaults().keySet());
              Set<String> known = KeyNames.GENERAL.get(section);
              if (known == null && isGuarded(section)) {
                report(
                    section,
                    "",
                    "unknown section; did you mean ["
                        + KeyNames.nearest(section, KeyNames.GENERAL.keySet()).orElseThrow()
                        + "]? It may say who may come in");
              }
              own.forEach(key -> inSection(section, key, known == null ? Set.of() : known));
            });
  }

  /** Whether it was told that the section, or one of its keys, is FATAL. */
  boolean isTold(String section, String key) {
    if (key.isEmpty()) {
      return isGuarded(section);
    }
    Set<String> known = KeyNames.GENERAL.getOrDefault(section, Set.of());
    return meant(section, key, known).isPresent();
  }

  /** Only the section that has nearly all of them: of others the keys tell. */
  private static boolean isGuarded(String section) {
    return KeyNames.nearest(section, KeyNames.GENERAL.keySet())
        .filter("server"::equals)
        .isPresent();
  }

  private void inSection(String section, String key, Set<String> known) {
    meant(section, key, known).ifPresent(hint -> report(section, key, hint));
  }

  private static Optional<String> meant(String section, String key, Set<String> known) {
    String name = KeyNames.lower(key).replace('-', '_');
    if (known.contains(name)) {
      return Optional.empty();
    }
    if (SECTIONS.containsKey(name)) {
      return Optional.of("it has no effect here; put it into [" + SECTIONS.get(name) + "]");
    }
    Map<String, String> all = new HashMap<>(SECTIONS);
    known.forEach(one -> all.putIfAbsent(one, section));
    Optional<String> nearest = KeyNames.nearest(name, all.keySet()).filter(SECTIONS::containsKey);
    if (nearest.isPresent()) {
      return Optional.of(
          "unknown key; did you mean " + nearest.get() + "? It says who may come in");
    }
    boolean sounds = WORDS.stream().anyMatch(name::contains);
    return sounds && Stream.of("server", "limits", "bus").anyMatch(section::equalsIgnoreCase)
        ? Optional.of(
            "unknown key; it sounds as if it said who may come in, and would not. Correct or"
                + " remove it")
        : Optional.empty();
  }

  private void inDefaults() {
    for (String key : ini.defaults().keySet()) {
      String name = KeyNames.lower(key).replace('-', '_');
      boolean known =
          SECTIONS.containsKey(name)
              || KeyNames.GENERAL.values().stream().anyMatch(keys -> keys.contains(name));
      if (!known) {
        KeyNames.nearest(name, SECTIONS.keySet())
            .ifPresent(
                guard ->
                    report(
                        "DEFAULT",
                        key,
                        "unknown key; did you mean " + guard + "? It says who may come in"));
      }
    }
  }

  private void report(String section, String key, String message) {
    problems.accept(new Problem(Severity.FATAL, ini.file(), section, KeyNames.shown(key), message));
  }
}
