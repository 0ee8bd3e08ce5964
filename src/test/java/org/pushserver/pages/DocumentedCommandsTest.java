// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.pushserver.Main;
import org.pushserver.client.PushCommand;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * Commands of ours in README.md and src/docs can be run as they are printed, in the checkout or, by
 * their name alone, where a package is installed.
 */
class DocumentedCommandsTest {
  /** In a block of code or between backticks. */
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?:^ {4,}(?:\\$ )?|`|ExecStart=)((?:\\S*/)?(?:pushserver|pushclient|quickstart|check|bench|release)"
              + "(?: [^`\\n]*)?)(?:`|$)",
          Pattern.MULTILINE);

  /** What stands in for a value, or is said after the command. */
  private static final Pattern NOT_MEANT = Pattern.compile("\\s+(#|…|\\.\\.\\.|\\|).*$");

  private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|'[^']*'|\\S+");

  /** Words that are names of folders, packages and so on, too. */
  private static final List<String> NAMES =
      List.of("pushserver", "pushclient", "check", "bench", "release");

  private static final Map<String, Object> OURS =
      Map.of("pushserver", new Main(), "pushclient", new PushCommand());

  @Test
  void everyCommandIsOneThatRunsHere() throws IOException {
    List<String> wrong = new ArrayList<>();
    int found = 0;
    for (Path page : pages()) {
      String text = Files.readString(page).replace("\\\n", " ");
      for (Matcher command = COMMAND.matcher(text); command.find(); ) {
        String line =
            NOT_MEANT
                .matcher(command.group(1))
                .replaceAll("")
                .replaceFirst("^ExecStart=", "")
                .strip();
        if (!isNoCommand(line)) {
          found++;
          fault(line).ifPresent(what -> wrong.add(page.getFileName() + ": " + line + ": " + what));
        }
      }
    }
    assertEquals(List.of(), wrong);
    assertTrue(found > 30, "only " + found);
  }

  /** The name of a folder, a package or a program alone. */
  private static boolean isNoCommand(String line) {
    return NAMES.contains(line)
        || (line.indexOf(' ') < 0 && line.contains("/") && !line.contains("bin/"));
  }

  private static List<Path> pages() throws IOException {
    try (Stream<Path> docs = Files.walk(Path.of("src/docs"))) {
      return Stream.concat(Stream.of(Path.of("README.md")), docs.sorted())
          .filter(page -> page.toString().endsWith(".md") && !page.endsWith("changelog.md"))
          .toList();
    }
  }

  private static Optional<String> fault(String line) {
    List<String> words =
        WORD.matcher(line)
            .results()
            .map(word -> word.group().replaceAll("^['\"]|['\"]$", ""))
            .toList();
    String script = words.get(0);
    String name = script.substring(script.lastIndexOf('/') + 1);
    boolean installed = script.equals(name) || script.equals("/usr/bin/" + name);
    if (installed && !OURS.containsKey(name)) {
      return Optional.of("is in no package; write bin/" + name);
    }
    if (!installed
        && !script.equals("bin/" + name)
        && !script.matches("/opt/pushserver(-VERSION)?/bin/" + name)) {
      return Optional.of("is not on the path; write bin/" + name);
    }
    if (!Files.isExecutable(Path.of("bin", name))) {
      return Optional.of("there is no bin/" + name);
    }
    Object ours = OURS.get(name);
    if (ours == null) {
      return Optional.empty();
    }
    try {
      CommandLine.ParseResult unused =
          new CommandLine(ours).parseArgs(words.subList(1, words.size()).toArray(String[]::new));
      return Optional.empty();
    } catch (ParameterException e) {
      // "pushclient --url X …" shows what matters; what has to be added is clear.
      return e instanceof CommandLine.MissingParameterException
          ? Optional.empty()
          : Optional.of(e.getMessage());
    }
  }
}
