// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.Setting;

/**
 * The core knows no push service and no family of notifications by name: another one is a package
 * and a line in META-INF/services.
 */
class NoServiceByNameTest {
  private static final Path SOURCES = Path.of("src/main/java/org/pushserver");

  /** A word like any other; so is the name of the product that this one takes the place of. */
  private static final String TEMPLATE = "template";

  private static final Pattern PRODUCT = Pattern.compile("(?i)sylk[- ]pushserver");

  private static final Pattern COMMENT = Pattern.compile("(?s:/\\*.*?\\*/)|(?m:^\\s*//[^\\n]*)");

  private static final Pattern LITERAL = Pattern.compile("\"((?:[^\"\\\\\\n]|\\\\.)*)\"");
  private static final Pattern CLASS =
      Pattern.compile("\\b(?:APPLE|FIREBASE|(?:Apple|Firebase)[A-Z]\\w*)\\b");

  /** What the services and types that are there call themselves, and their settings. */
  private static Set<String> names() {
    Set<String> names = new TreeSet<>();
    List<PushServiceProvider> services =
        ServiceLoader.load(PushServiceProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .toList();
    for (PushServiceProvider service : services) {
      names.add(service.platform());
      names.addAll(service.aliases());
      service.settings().orElseThrow().stream().map(Setting::name).forEach(names::add);
    }
    for (ApplicationType type : ServiceLoader.load(ApplicationType.class)) {
      names.add(type.name());
    }
    names.remove(TEMPLATE);
    return names;
  }

  private static List<String> named(Path source) throws IOException {
    String code = COMMENT.matcher(Files.readString(source)).replaceAll("");
    Pattern name =
        Pattern.compile("(?i)(?<![a-z0-9_])(?:" + String.join("|", names()) + ")(?![a-z0-9_])");
    Stream<String> classes = CLASS.matcher(code).results().map(MatchResult::group);
    Stream<String> words =
        LITERAL
            .matcher(code)
            .results()
            .map(literal -> PRODUCT.matcher(literal.group(1)).replaceAll(""))
            .flatMap(text -> name.matcher(text.toLowerCase(Locale.ROOT)).results())
            .map(MatchResult::group);
    return Stream.concat(classes, words).map(word -> source.getFileName() + ": " + word).toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "audit",
        "config",
        "dispatch",
        "events",
        "api",
        "ingress",
        "log",
        "observe",
        "plugin",
        "queue",
        "route",
        "template"
      })
  void aPackageOfTheCoreNamesNone(String name) throws IOException {
    try (Stream<Path> files = Files.walk(SOURCES.resolve(name))) {
      List<Path> sources = files.filter(file -> file.toString().endsWith(".java")).toList();
      assertTrue(sources.size() > 1);
      for (Path source : sources) {
        assertEquals(List.of(), named(source));
      }
    }
  }

  @Test
  void whereTheyAreAtHomeTheyAreFound() throws IOException {
    assertTrue(named(SOURCES.resolve("apns/ApnsProvider.java")).contains("ApnsProvider.java: ios"));
    assertTrue(
        named(SOURCES.resolve("apns/ApnsProvider.java")).contains("ApnsProvider.java: APPLE"));
  }
}
