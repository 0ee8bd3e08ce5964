// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

/** The sections and keys of the two INI files, as JSON says them. Immutable; any thread. */
public final class JsonConfig implements ConfigSource {
  /** What the JSON is called in messages. */
  static final String NAME = "configuration (JSON)";

  /** Names a file; here the applications are in the JSON. */
  private static final String APPLICATIONS_FILE = "config_file";

  private final IniFile general;
  private final IniFile applications;
  private final Path directory;

  private JsonConfig(IniFile general, IniFile applications, Path directory) {
    this.general = general;
    this.applications = applications;
    this.directory = directory;
  }

  /**
   * Takes over what they say now; what is wrong is told when it is read.
   *
   * @param general sections of general.ini
   * @param applications sections of applications.ini
   * @param directory where relative names of files start; empty for the working directory
   * @param problems what is wrong besides
   */
  static JsonConfig of(
      JsonObject general, JsonObject applications, Path directory, List<Problem> problems) {
    // What is looked for beside the file of applications is looked for beside this name.
    String name = directory.resolve(NAME + " applications").toString();
    return new JsonConfig(
        general(JsonSections.read(NAME + " general", Severity.FATAL, general), problems),
        JsonSections.read(name, Severity.ERROR, applications),
        directory.toAbsolutePath().normalize());
  }

  private static IniFile general(IniFile read, List<Problem> more) {
    List<Problem> problems = new ArrayList<>(more);
    problems.addAll(read.problems());
    Map<String, Map<String, String>> sections = new LinkedHashMap<>(read.sections());
    Map<String, String> folders =
        new LinkedHashMap<>(sections.getOrDefault(Folders.SECTION, Map.of()));
    if (folders.remove(APPLICATIONS_FILE) != null) {
      sections.put(Folders.SECTION, folders);
      problems.add(
          new Problem(
              Severity.WARNING,
              read.file(),
              Folders.SECTION,
              APPLICATIONS_FILE,
              "it is not used, since the applications are in the JSON; remove it"));
    }
    return new IniFile(read.file(), sections, read.defaults(), problems);
  }

  IniFile general() {
    return general;
  }

  IniFile applications() {
    return applications;
  }

  /** What is wrong when there is no such directory. */
  List<Problem> withoutDirectory() {
    List<Problem> problems = new ArrayList<>(general.problems());
    problems.add(
        new Problem(
            Severity.FATAL,
            NAME,
            "",
            "directory",
            directory + " is no directory; create it or name another"));
    return problems;
  }

  /** Where relative names of files start; absolute. */
  Path directory() {
    return directory;
  }
}
