// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.pushserver.push.AppKey;

/**
 * One section of applications.ini, read and checked as far as it concerns every application. What a
 * setting of one push service means, and whether its files are good, that service finds out itself.
 *
 * @param file the file it comes from, for messages
 * @param section the label of the section
 * @param key what requests select it by
 * @param type the {@code app_type}
 * @param settings all keys of the section, in lower case
 * @param credentialsFolder where relative credential files are
 * @param delivery how long and how hard to try
 * @param fingerprint a hash of the section, of {@code delivery}, and of what was in the files that
 *     the section names when it was read: while it is the same, the application need not be made
 *     anew. Empty when it was not read from a file
 */
public record AppConfig(
    String file,
    String section,
    AppKey key,
    String type,
    Map<String, String> settings,
    Path credentialsFolder,
    Delivery delivery,
    String fingerprint) {

  /** The key of a section that says whether its notifications tell which push they are. */
  public static final String PAYLOAD_ID = "payload_id";

  private static final Set<String> YES = Set.of("yes", "true", "on", "1");

  /** The key of a section that has the further names of its application. */
  public static final String ALIASES = "app_aliases";

  public AppConfig {
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(section, "section");
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(type, "type");
    settings = Map.copyOf(settings);
    Objects.requireNonNull(credentialsFolder, "credentialsFolder");
    Objects.requireNonNull(delivery, "delivery");
    Objects.requireNonNull(fingerprint, "fingerprint");
  }

  /**
   * One that was not read from a file.
   *
   * @param file the file it comes from, for messages
   * @param section the label of the section
   * @param key what requests select it by
   * @param type the {@code app_type}
   * @param settings all keys of the section, in lower case
   * @param credentialsFolder where relative credential files are
   * @param delivery how long and how hard to try
   */
  public AppConfig(
      String file,
      String section,
      AppKey key,
      String type,
      Map<String, String> settings,
      Path credentialsFolder,
      Delivery delivery) {
    this(file, section, key, type, settings, credentialsFolder, delivery, "");
  }

  /**
   * A setting's value; empty when it is absent or blank.
   *
   * @param name the key, in lower case
   * @return the value as it stands there
   */
  public Optional<String> setting(String name) {
    return Optional.ofNullable(settings.get(name)).filter(value -> !value.isBlank());
  }

  /**
   * Whether a setting says yes.
   *
   * @param name the key, in lower case
   * @return false when it is absent, or says anything else
   */
  public boolean isYes(String name) {
    return YES.contains(settings.getOrDefault(name, "").strip().toLowerCase(Locale.ROOT));
  }

  /**
   * The names besides its app-id by which requests may call the application: its {@link #ALIASES}.
   *
   * @return in the order of the section, each once
   */
  public List<String> aliases() {
    return aliases(settings.getOrDefault(ALIASES, ""));
  }

  /**
   * The names in the value of {@link #ALIASES}: separated by commas or lines, each once.
   *
   * @param value may be blank
   * @return in their order
   */
  public static List<String> aliases(String value) {
    return Arrays.stream(value.split("[,\n]", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .distinct()
        .toList();
  }

  /**
   * The file that a setting names, relative to the credentials folder unless it is absolute.
   *
   * @param name the key, in lower case
   * @return empty when the setting is absent or blank
   */
  public Optional<Path> path(String name) {
    return setting(name).map(credentialsFolder::resolve);
  }

  /**
   * The file that a setting names, relative to the folder of {@link #file} unless it is absolute.
   *
   * @param name the key, in lower case
   * @return empty when the setting is absent or blank
   */
  public Optional<Path> beside(String name) {
    return setting(name).map(value -> Path.of(file).resolveSibling(value));
  }

  /**
   * A problem with one key of this section that stops the application.
   *
   * @param name the key
   * @param message what is wrong and what to do; never contains a secret
   * @return one of the severity {@link Problem.Severity#ERROR}
   */
  public Problem error(String name, String message) {
    return new Problem(Problem.Severity.ERROR, file, section, name, message);
  }

  /**
   * A problem with one key of this section that the application can live with.
   *
   * @param name the key
   * @param message what is wrong and what to do; never contains a secret
   * @return one of the severity {@link Problem.Severity#WARNING}
   */
  public Problem warning(String name, String message) {
    return new Problem(Problem.Severity.WARNING, file, section, name, message);
  }

  /** Without the settings and their hash: some of them are secrets. */
  @Override
  public String toString() {
    return "[" + section + "] " + key + " " + type;
  }
}
