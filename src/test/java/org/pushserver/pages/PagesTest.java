// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.Main;
import org.pushserver.pages.Page.Block;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine;

/**
 * What the documentation shows is so: each block is held against the program, here, in {@link
 * PagesIT} or, if it has commands of ours, in {@code DocumentedCommandsTest}.
 */
class PagesTest {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]*)(?:#([^)]*))?\\)");

  /** Bytes: a repository keeps every edition of them for ever. */
  private static final int LARGEST_PICTURE = 150 * 1024;

  private static boolean isJson(Block block) {
    return block.first().startsWith("{");
  }

  private static boolean isIni(Block block) {
    return block.first().matches("\\[[a-zA-Z-]+\\]");
  }

  private static boolean isYaml(Block block) {
    return block.first().matches("# .*\\.yml");
  }

  /** Held against the chart. */
  private static boolean isValues(Block block) {
    return block.first().equals("# values.yaml");
  }

  private static boolean isUnit(Block block) {
    return block.first().matches("# /etc/systemd/.*");
  }

  /** Held against the library in {@link EventBusPageTest}. */
  private static boolean isForServices(Block block) {
    return JavaBlocks.isIn(block) || JavaBlocks.isDependency(block);
  }

  /** For a compiler or a PBX that is not here. Its first line says which. */
  private static boolean isForOthers(Block block) {
    return block.first().matches("(//|#) (Swift|Kotlin|opensips\\.cfg|kamailio\\.cfg)");
  }

  /** Lines that the program writes: to its log, or when asked to check. */
  private static boolean isWritten(Block block) {
    return block
        .first()
        .matches("\\d{4}-\\d\\d-\\d\\dT.*|(error|warning|fatal): .*|applications(:|\\.ini)? .*");
  }

  /** Drawings, and files whose form is told beside them and tested where they are read. */
  private static final Set<String> SEEN_ELSEWHERE =
      Set.of(
          "HttpVerticle, BusVerticle (one of each per event loop)",
          "HttpVerticle (a request has come)",
          "Main, PushServerVerticle   the process that is a server; the server within another program",
          "post → Route → OpenConnections: those in service; picks the one with most room",
          "# name   SHA-256 of the key   applications                                 rights          domains",
          "push_tokens (username text, domain text, device_id text, app_id text, background_token text, device_token text,",
          "code=200&sent=1&description=push+notification+response",
          "# verify.py HEADER < BODY: ends with 0 when it is ours. SECRET is in the environment.",
          "# verify.sh HEADER < BODY: ends with 0 when it is ours. SECRET is in the environment.");

  @Test
  void everyBlockIsOfAKindThatIsTested() {
    List<Block> unknown =
        Page.allBlocks().stream()
            .filter(block -> !isJson(block) && !isIni(block) && !isYaml(block) && !isUnit(block))
            .filter(block -> !Commands.isIn(block) && !isWritten(block) && !isForServices(block))
            .filter(block -> !isValues(block) && !isForOthers(block))
            .filter(block -> !SEEN_ELSEWHERE.contains(block.first()))
            .toList();
    assertEquals(List.of(), unknown);
    assertTrue(Page.allBlocks().size() > 30, "it has found the blocks");
  }

  @Test
  void whatOthersAreToSendGoesToPathsAndFieldsThatThereAre() {
    int seen = 0;
    for (Block block : Page.allBlocks()) {
      if (isForOthers(block)) {
        seen++;
        String text = block.text();
        assertTrue(
            text.contains("/v2/tokens") || text.contains(".mobile_devices"), block::toString);
        assertEquals(
            text.contains("app-id"),
            text.contains("device-id") && text.contains("\"token\""),
            block::toString);
      }
    }
    assertTrue(seen > 3, "it has found the blocks");
  }

  @Test
  void theChartTakesEveryValueThatIsShown() throws IOException {
    Map<String, Object> chart =
        new Yaml().load(Files.readString(Path.of("conf/kubernetes/values.yaml")));
    for (Block block : Page.allBlocks()) {
      if (isValues(block)) {
        Map<String, Object> shown = new Yaml().load(block.text());
        assertTrue(chart.keySet().containsAll(shown.keySet()), block::toString);
      }
    }
  }

  @Test
  void everyLinkLeadsToSomething() {
    List<String> broken = new ArrayList<>();
    for (Page page : Page.all()) {
      Matcher link = LINK.matcher(String.join("\n", page.lines()));
      while (link.find()) {
        Path to =
            link.group(1).isEmpty()
                ? page.file()
                : page.file().resolveSibling(link.group(1)).normalize();
        if (link.group(1).startsWith("http")) {
          continue;
        }
        if (!Files.exists(to)) {
          broken.add(page.file() + ": " + link.group());
        } else if (link.group(2) != null && !hasAnchor(to, link.group(2))) {
          broken.add(page.file() + ": " + link.group());
        }
      }
    }
    assertEquals(List.of(), broken);
  }

  @Test
  void everyPictureIsShownSomewhereAndSmall() throws IOException {
    Path folder = Path.of("src/docs/images");
    String shown = String.join("\n", Page.all().stream().flatMap(p -> p.lines().stream()).toList());
    try (Stream<Path> pictures = Files.exists(folder) ? Files.list(folder) : Stream.of()) {
      for (Path picture : pictures.toList()) {
        assertTrue(shown.contains("](images/" + picture.getFileName() + ")"), picture::toString);
        assertTrue(Files.size(picture) <= LARGEST_PICTURE, picture::toString);
      }
    }
  }

  private static boolean hasAnchor(Path file, String anchor) {
    return Page.all().stream()
        .anyMatch(page -> page.file().equals(file) && page.anchors().contains(anchor));
  }

  @Test
  void everyPageIsReachedFromTheReadme() {
    String readme = String.join("\n", Page.all().get(0).lines());
    for (Page page : Page.all().subList(1, Page.all().size())) {
      assertTrue(readme.contains("(" + page.file() + ")"), page.file() + " is not in the README");
    }
  }

  @Test
  void everyJsonIsJson() throws Exception {
    ObjectMapper json = new ObjectMapper();
    for (Block block : Page.allBlocks()) {
      if (isJson(block)) {
        // An ellipsis stands for a value, or is part of one; a remark stands right of a line.
        String text =
            block
                .text()
                .replaceAll("(?m) {4,}[a-z][^\"]*$", "")
                .replace("{…}", "{}")
                .replaceAll(": …", ": 0");
        try (MappingIterator<Object> values = json.readerFor(Object.class).readValues(text)) {
          assertFalse(values.readAll().isEmpty(), block::toString);
        } catch (IOException e) {
          throw new AssertionError(block + ": " + e.getMessage(), e);
        }
      }
    }
  }

  @Test
  void everySettingIsOneThatTheServerKnows(@TempDir Path directory) throws Exception {
    for (Block block : Page.allBlocks()) {
      if (isIni(block)) {
        boolean general = !block.text().contains("app_id");
        Files.writeString(directory.resolve("general.ini"), general ? block.text() : "");
        Files.writeString(directory.resolve("applications.ini"), general ? "" : block.text());
        String said = checked(directory);
        assertFalse(said.contains("unknown"), block + " gives " + said);
        assertFalse(said.contains("fatal"), block + " gives " + said);
      }
    }
  }

  private static String checked(Path directory) {
    StringWriter out = new StringWriter();
    int unused =
        new CommandLine(new Main())
            .setOut(new PrintWriter(out))
            .execute("check-config", "--config-dir", directory.toString());
    return out.toString();
  }

  @Test
  void everyYamlIsYamlAndNamesFilesThatAreThere() {
    for (Block block : Page.allBlocks()) {
      if (isYaml(block)) {
        Object read = new Yaml().load(block.text());
        assertTrue(read instanceof Map, block::toString);
        Matcher file = Pattern.compile("prometheus-[a-z]+\\.yml").matcher(block.text());
        assertTrue(file.find(), block::toString);
        assertTrue(Files.exists(Path.of("conf", file.group())), file::group);
      }
    }
  }
}
