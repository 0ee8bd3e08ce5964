// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import io.vertx.core.json.JsonObject;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

/**
 * How a server within another program is configured. Immutable; any thread.
 *
 * @param source where its settings come from
 * @param doors which doors it has
 */
public record EmbeddedConfig(ConfigSource source, Doors doors) {
  private static final String CONFIG_DIR = "config_dir";
  private static final String DIRECTORY = "directory";
  private static final String GENERAL = "general";
  private static final String APPLICATIONS = "applications";
  private static final String HTTP = "http";
  private static final String ADMIN = "admin";
  private static final Set<String> FIELDS =
      Set.of(CONFIG_DIR, DIRECTORY, GENERAL, APPLICATIONS, HTTP, ADMIN);

  public EmbeddedConfig {
    Objects.requireNonNull(source, "source");
    Objects.requireNonNull(doors, "doors");
  }

  /** The files of a directory, and all doors that they open. */
  public static EmbeddedConfig of(Path directory) {
    return new EmbeddedConfig(
        Overrides.directory(Objects.requireNonNull(directory, "directory")), Doors.ALL);
  }

  /**
   * What JSON says: {@code general} and {@code applications}, each with sections of keys, and
   * {@code directory}, where relative names of files start; or {@code config_dir}, a directory with
   * files; and whether there are the doors {@code http} and {@code admin}.
   *
   * <p>What is wrong with the settings is told when they are read.
   *
   * @throws ConfigException with {@code config_dir}, when a field is unknown, or is not of its type
   */
  public static EmbeddedConfig of(JsonObject json) throws ConfigException {
    List<Problem> problems = new ArrayList<>();
    for (String field : json.fieldNames()) {
      if (!FIELDS.contains(field)) {
        problems.add(unknown(field));
      }
    }
    Doors doors = new Doors(flag(json, HTTP, problems), flag(json, ADMIN, problems));
    Path directory = path(json, DIRECTORY, problems);
    Path configDirectory = path(json, CONFIG_DIR, problems);
    if (json.containsKey(CONFIG_DIR)) {
      reportBesides(json, problems);
      if (!problems.isEmpty()) {
        throw new ConfigException(problems);
      }
      return new EmbeddedConfig(Overrides.directory(configDirectory), doors);
    }
    if (!json.containsKey(GENERAL) && !json.containsKey(APPLICATIONS)) {
      problems.add(
          problem(
              "",
              "it has neither general and applications, nor config_dir; set the first two to the"
                  + " settings, or the last to a directory with files"));
    }
    JsonObject general = object(json, GENERAL, problems);
    JsonObject applications = object(json, APPLICATIONS, problems);
    return new EmbeddedConfig(JsonConfig.of(general, applications, directory, problems), doors);
  }

  private static void reportBesides(JsonObject json, List<Problem> problems) {
    for (String other : List.of(GENERAL, APPLICATIONS, DIRECTORY)) {
      if (json.containsKey(other)) {
        problems.add(
            problem(other, "with config_dir, the files in that directory say it; remove one"));
      }
    }
  }

  private static Problem unknown(String field) {
    String hint =
        KeyNames.nearest(field, FIELDS)
            .map(name -> "did you mean " + name + "?")
            .orElse("it may have " + String.join(", ", FIELDS.stream().sorted().toList()));
    return problem(KeyNames.shown(field), "unknown field; " + hint);
  }

  private static boolean flag(JsonObject json, String field, List<Problem> problems) {
    Object value = json.getValue(field, true);
    if (value instanceof Boolean flag) {
      return flag;
    }
    problems.add(problem(field, "it is neither true nor false"));
    return true;
  }

  /** Empty when it is absent. */
  private static Path path(JsonObject json, String field, List<Problem> problems) {
    Object value = json.getValue(field, "");
    try {
      if (value instanceof CharSequence name && !(json.containsKey(field) && name.isEmpty())) {
        return Path.of(name.toString());
      }
    } catch (InvalidPathException e) {
      // Told below.
    }
    problems.add(problem(field, "it is not the name of a directory; set it to one, as text"));
    return Path.of("");
  }

  private static JsonObject object(JsonObject json, String field, List<Problem> problems) {
    Object value = json.getValue(field, new JsonObject());
    if (value instanceof JsonObject object) {
      return object;
    }
    problems.add(problem(field, "it is no JSON object; set it to one with an object per section"));
    return new JsonObject();
  }

  private static Problem problem(String field, String message) {
    return new Problem(Severity.FATAL, JsonConfig.NAME, "", field, message);
  }
}
