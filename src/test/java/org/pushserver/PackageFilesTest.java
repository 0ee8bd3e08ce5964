// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.client.PushCommand;
import org.pushserver.fake.JavaSources;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What the Debian packages have and the repository has not: {@code src/deb/PackageFiles.java}. */
class PackageFilesTest {
  @TempDir static Path root;
  private static Map<String, byte[]> files;

  @BeforeAll
  static void writesThem() throws Exception {
    files = written("first");
  }

  private static Map<String, byte[]> written(String name) throws Exception {
    Path out = root.resolve(name);
    try (URLClassLoader loader =
        JavaSources.compile(
            List.of(Path.of("src/deb/PackageFiles.java")), root.resolve(name + ".classes"))) {
      loader
          .loadClass("PackageFiles")
          .getMethod("main", String[].class)
          .invoke(
              null,
              (Object) new String[] {"2.1.0-SNAPSHOT", "2026-11-23T00:00:00Z", out.toString()});
    }
    Map<String, byte[]> found = new TreeMap<>();
    try (var all = Files.walk(out)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        found.put(out.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    return found;
  }

  private static String text(String name) throws IOException {
    byte[] bytes = files.get(name);
    assertTrue(bytes != null, () -> name + " is not among " + files.keySet());
    try (InputStream in = new ByteArrayInputStream(bytes)) {
      InputStream plain = name.endsWith(".gz") ? new GZIPInputStream(in) : in;
      return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Where the package has what a page shows, and where that is in the repository. */
  private static final Map<String, String> INSTALLED =
      Map.of(
          "/usr/share/doc/pushserver/examples/event-bus/", "conf/examples/",
          "/usr/share/doc/pushserver/examples/", "conf/",
          "/usr/lib/systemd/system/", "conf/systemd/",
          "/etc/pushserver/templates/", "conf/templates/");

  @Test
  void eachPageIsThereAndLeadsToFilesOfThePackage() throws Exception {
    Pattern link = Pattern.compile("\\]\\(([^)#]+)[^)]*\\)");
    List<String> wrong = new ArrayList<>();
    try (var all = Files.walk(Path.of("src/docs"))) {
      for (Path page : all.filter(file -> file.toString().endsWith(".md")).toList()) {
        String text = text("docs/" + Path.of("src/docs").relativize(page));
        link.matcher(text)
            .results()
            .map(found -> found.group(1))
            .filter(target -> !target.matches("https?:.*"))
            .filter(target -> !Files.exists(inRepository(page, target)))
            .forEach(target -> wrong.add(page + " -> " + target));
        if (text.contains("](../../conf")) {
          wrong.add(page + " leads out of the package");
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  private static Path inRepository(Path page, String target) {
    return INSTALLED.keySet().stream()
        .filter(target::startsWith)
        .max(Comparator.comparingInt(String::length))
        .map(where -> Path.of(INSTALLED.get(where) + target.substring(where.length())))
        .orElse(page.resolveSibling(target));
  }

  @Test
  void theSameArgumentsMakeTheSameBytes() throws Exception {
    Map<String, byte[]> again = written("again");
    assertEquals(files.keySet(), again.keySet());
    again.forEach((name, bytes) -> assertEquals(0, Arrays.compare(bytes, files.get(name)), name));
  }

  @Test
  void eachCommandHasAPageWithEachOfItsOptions() throws Exception {
    CommandLine server = new CommandLine(new Main());
    hasAllOptions("man/pushserver.1.gz", server);
    hasAllOptions("man/pushclient.1.gz", new CommandLine(new PushCommand()));
    for (CommandLine command : server.getSubcommands().values()) {
      String name = command.getCommandSpec().qualifiedName("-");
      boolean shown =
          !command.getCommandSpec().usageMessage().hidden() && !name.equals("pushserver-help");
      assertEquals(shown, files.containsKey("man/" + name + ".1.gz"), name);
      if (shown) {
        hasAllOptions("man/" + name + ".1.gz", command);
        assertTrue(
            text("man/pushserver.1.gz").contains(".BR " + name.replace("-", "\\-") + " (1)"), name);
      }
    }
  }

  private static void hasAllOptions(String page, CommandLine command) throws IOException {
    String text = text(page);
    for (OptionSpec option : command.getCommandSpec().options()) {
      for (String name : option.names()) {
        assertEquals(
            !option.hidden(),
            text.contains("\\fB" + name.replace("-", "\\-") + "\\fR"),
            () -> page + " and " + name);
      }
    }
  }

  @Test
  void thePageOfTheClientOfStoredTokensHasEachWordOfItsHelp() throws IOException {
    String page = text("man/pushclient-v2.1.gz");
    Set<String> options =
        Pattern.compile("--[a-z][a-z_-]*")
            .matcher(Files.readString(Path.of("bin/pushclient-v2")).split("HELP'?\n", 3)[1])
            .results()
            .map(MatchResult::group)
            .collect(Collectors.toSet());
    assertTrue(options.size() > 20, options::toString);
    for (String option : options) {
      assertTrue(page.contains("\\fB" + option.replace("-", "\\-") + "\\fR"), option);
    }
  }

  @Test
  void pagesAreWrittenAsTroffWantsThem() throws IOException {
    for (String name : files.keySet()) {
      if (name.startsWith("man/")) {
        for (String line : text(name).lines().toList()) {
          assertFalse(line.isBlank(), () -> "an empty line in " + name);
          assertTrue(
              !line.startsWith(".") || line.matches("\\.(TH|SH|TP|PP|BR)( .*)?"),
              () -> name + ": " + line);
          assertFalse(line.matches(".*\\$\\{.*|.*@\\|.*"), () -> name + ": " + line);
        }
      }
    }
  }

  @Test
  void aFreshInstallationHasNoApplication() throws IOException {
    for (String line : text("etc/applications.ini").lines().toList()) {
      assertTrue(line.isEmpty() || line.startsWith(";"), line);
    }
    assertTrue(
        text("etc/applications.ini").contains("\n; [phone-ios]\n; app_id = com.example.phone\n"));
  }

  @Test
  void itsSettingsAreThoseOfTheSampleButForTheLogFile() throws IOException {
    List<String> sample = Files.readAllLines(Path.of("conf/general.ini"));
    List<String> installed = text("etc/general.ini").lines().toList();
    assertEquals(sample.size(), installed.size());
    assertEquals(
        List.of("log_file = /var/log/pushserver/push.log", "trail = yes"),
        installed.stream().filter(line -> !line.isEmpty() && !line.matches("[;\\[].*")).toList());
  }

  @Test
  void whatIsInstalledDoesNotSendTheReaderToACheckout() throws IOException {
    for (String name : List.of("etc/general.ini", "etc/applications.ini")) {
      assertFalse(text(name).matches("(?s).*(src/docs|bin/pushserver|Copy this file).*"), name);
    }
  }

  @Test
  void theChangelogIsOneOfDebian() throws IOException {
    List<String> lines = text("changelog.gz").lines().toList();
    assertEquals("pushserver (2.1.0~SNAPSHOT) unstable; urgency=medium", lines.get(0));
    assertTrue(lines.get(2).startsWith("  * ["), lines.get(2));
    assertTrue(
        lines.contains(
            " -- Pushserver <maintainers@pushserver.org>  Mon, 23 Nov 2026 00:00:00 +0000"));
    assertFalse(lines.stream().anyMatch(line -> line.contains("](")), "links of Markdown");
  }
}
