// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

/** Where the configuration files may be. Looks at the file system, so it may block. */
final class ConfigDirectory {
  static final String GENERAL = "general.ini";
  static final String APPLICATIONS = "applications.ini";

  /** Ours first, then where the old system looked. */
  static final List<Path> SEARCHED =
      List.of(Path.of("/etc/pushserver"), Path.of("/etc/sylk-pushserver"), Path.of("config"));

  private ConfigDirectory() {}

  /**
   * Takes the given directory, or the first of the searched ones that has an application. If none
   * has, the first with a configuration file: an installed package has files from the beginning,
   * and must not hide those of the old system.
   *
   * @param given from the command line; null when it gave none
   * @return absolute
   * @throws ConfigException FATAL, saying where it looked
   */
  static Path find(Path given, List<Path> searched) throws ConfigException {
    if (given != null) {
      Path directory = given.toAbsolutePath().normalize();
      if (Files.isDirectory(directory)) {
        return directory;
      }
      throw missing(directory.toString(), "this is no directory; create it or name another");
    }
    List<Path> found = configurations(searched);
    if (!found.isEmpty()) {
      return found.stream()
          .filter(ConfigDirectory::hasApplication)
          .findFirst()
          .orElse(found.get(0));
    }
    throw missing(
        "configuration",
        "there is no "
            + GENERAL
            + " or "
            + APPLICATIONS
            + " in "
            + searched.stream()
                .map(path -> path.toAbsolutePath().normalize().toString())
                .collect(Collectors.joining(", "))
            + "; put them there, or name their directory with --config-dir");
  }

  /**
   * What to say when files of a directory that comes first are not read.
   *
   * @param taken what {@link #find} has found without a given directory
   */
  static Optional<Problem> passedOver(Path taken, List<Path> searched) {
    return configurations(searched).stream()
        .takeWhile(directory -> !directory.equals(taken))
        .findFirst()
        .map(
            directory ->
                new Problem(
                    Severity.WARNING,
                    directory.resolve(APPLICATIONS).toString(),
                    "",
                    "",
                    "there is no application in it, so "
                        + taken
                        + " is read in its place, general.ini, too; to use "
                        + directory
                        + ", put the applications there, then restart"));
  }

  private static List<Path> configurations(List<Path> searched) {
    return searched.stream()
        .map(path -> path.toAbsolutePath().normalize())
        .filter(ConfigDirectory::isConfiguration)
        .toList();
  }

  /** Also when that cannot be read, or is misspelt: then its files are to be told of. */
  private static boolean hasApplication(Path directory) {
    try {
      Path general = directory.resolve(GENERAL);
      IniFile ini = Files.exists(general) ? IniProcessor.read(general) : IniText.parse(GENERAL, "");
      Path applications = General.folders(ini, directory).applicationsFile();
      if (Files.notExists(applications)) {
        return misspelt(general).isPresent() || misspelt(applications).isPresent();
      }
      IniFile read = IniProcessor.read(applications);
      return !read.sections().isEmpty() || !read.problems().isEmpty();
    } catch (IOException e) {
      return true;
    }
  }

  private static boolean isConfiguration(Path directory) {
    if (!Files.isDirectory(directory)) {
      return false;
    }
    // One that may not be looked into is not passed over: another would run in its place.
    return !Files.isExecutable(directory)
        || Files.exists(directory.resolve(GENERAL))
        || Files.exists(directory.resolve(APPLICATIONS))
        || misspelt(directory.resolve(GENERAL)).isPresent()
        || misspelt(directory.resolve(APPLICATIONS)).isPresent();
  }

  /**
   * A file beside one that does not exist, whose name is nearly the same: {@code General.ini},
   * {@code general.ini.txt}.
   */
  static Optional<String> misspelt(Path file) {
    String name = file.getFileName().toString();
    try (Stream<Path> beside = Files.list(file.resolveSibling(""))) {
      return beside
          .map(path -> path.getFileName().toString())
          .filter(other -> !other.equals(name) && isLike(other, name))
          .sorted()
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static boolean isLike(String other, String name) {
    String lower = KeyNames.lower(other);
    return lower.equals(name)
        || lower.equals(name + ".txt")
        || (lower.endsWith(".ini") && KeyNames.nearest(other, Set.of(name)).isPresent());
  }

  private static ConfigException missing(String file, String message) {
    return new ConfigException(new Problem(Severity.FATAL, file, "", "", message));
  }
}
