// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * One key that a section of applications.ini may have, as a push service or an application type
 * declares it: so it is not taken for a slip, and a file that it names is watched, so that the
 * application is made anew when the file changes. Immutable; any thread.
 *
 * @param name in lower case, words joined with underscores
 * @param file whether the value names a file, and from where
 * @param isPerEvent whether the key may also end in {@code _<event>}, and then holds for that event
 * @param missing what the operator is told when the section does not have it; empty when it may be
 *     left out
 */
public record Setting(String name, File file, boolean isPerEvent, Optional<String> missing) {
  /** What file a value names. */
  public enum File {
    /** None. */
    NONE,
    /** One that {@link AppConfig#path} finds: in the folder of credentials. */
    CREDENTIAL,
    /** One that {@link AppConfig#beside} finds: beside applications.ini. */
    BESIDE
  }

  public Setting {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(file, "file");
    Objects.requireNonNull(missing, "missing");
    if (!name.matches("[a-z0-9_]+")) {
      throw new IllegalArgumentException("'" + name + "' is no name of a setting");
    }
  }

  /**
   * One whose value is what it says, and that may be left out.
   *
   * @param name in lower case, words joined with underscores
   * @return one that names no file
   */
  public static Setting text(String name) {
    return new Setting(name, File.NONE, false, Optional.empty());
  }

  /**
   * One that names a file as {@link AppConfig#path} finds it, and that may be left out.
   *
   * @param name in lower case, words joined with underscores
   * @return one that names a credential
   */
  public static Setting file(String name) {
    return new Setting(name, File.CREDENTIAL, false, Optional.empty());
  }

  /**
   * One that names a file as {@link AppConfig#beside} finds it, and that may be left out.
   *
   * @param name in lower case, words joined with underscores
   * @return one that names a file beside applications.ini
   */
  public static Setting fileBeside(String name) {
    return new Setting(name, File.BESIDE, false, Optional.empty());
  }

  /** {@return the same, which may also end in {@code _<event>}} */
  public Setting perEvent() {
    return new Setting(name, file, true, missing);
  }

  /**
   * The same, which may not be left out.
   *
   * @param words what to do, put behind "is missing; ", such as "say where to post to"
   * @return one that is missed
   */
  public Setting needed(String words) {
    return new Setting(name, file, isPerEvent, Optional.of("is missing; " + words));
  }

  /**
   * Whether this is what a key of a section means.
   *
   * @param key in lower case
   * @return whether it is the name, or the name for one event
   */
  public boolean isMeantBy(String key) {
    return key.equals(name) || (isPerEvent && key.startsWith(name + "_"));
  }

  /**
   * The file that a value names; empty when it names none.
   *
   * @param value what stands in the section
   * @param credentials the folder of credentials
   * @param applications applications.ini
   * @return where the file has to be; whether there is one nobody has looked
   * @throws InvalidPathException when no file can have that name
   */
  public Optional<Path> file(String value, Path credentials, Path applications) {
    return switch (file) {
      case NONE -> Optional.empty();
      case CREDENTIAL -> Optional.of(credentials.resolve(value));
      case BESIDE -> Optional.of(applications.resolveSibling(value).normalize());
    };
  }
}
