// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pages;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.bus.PushClientOptions;
import org.pushserver.fake.JavaSources;
import org.pushserver.pages.Page.Block;

/** What Java programmers are told can be copied as it stands. */
class EventBusPageTest {
  private static final Path PAGE = Path.of("src/docs/event-bus.md");

  private static final Pattern OURS =
      Pattern.compile(
          "<groupId>org.pushserver</groupId>\\s*<artifactId>pushserver</artifactId>\\s*<version>(.*?)</version>"
              + "|\"org.pushserver:pushserver:(.*?)\"");

  @Test
  void everyPieceOfJavaCompiles(@TempDir Path directory) throws Exception {
    Map<Path, List<Block>> pages = new LinkedHashMap<>();
    for (Block block : Page.allBlocks()) {
      if (JavaBlocks.isIn(block)) {
        pages.computeIfAbsent(block.file(), first -> new ArrayList<>()).add(block);
      }
    }
    for (Map.Entry<Path, List<Block>> page : pages.entrySet()) {
      Path classes = directory.resolve(page.getKey().getFileName().toString());
      try {
        JavaSources.compile(JavaBlocks.sources(page.getValue()), classes).close();
      } catch (AssertionError e) {
        throw new AssertionError(page.getKey() + ": " + e.getMessage(), e);
      }
    }
    assertTrue(pages.get(PAGE).size() > 5, "it has found the pieces");
  }

  @Test
  void everyDependencyIsThisVersion() throws Exception {
    Matcher project =
        Pattern.compile("<artifactId>pushserver</artifactId>\\s*<version>(.*?)</version>")
            .matcher(Files.readString(Path.of("pom.xml")));
    assertTrue(project.find());
    int found = 0;
    for (Block block : Page.allBlocks()) {
      if (JavaBlocks.isDependency(block)) {
        found++;
        Matcher named = OURS.matcher(block.text());
        assertTrue(named.find(), block::toString);
        String version = named.group(1) == null ? named.group(2) : named.group(1);
        assertEquals(project.group(1), version, block::toString);
      }
    }
    assertTrue(found > 1, "it has found the dependencies");
  }

  @Test
  void theTimeOutsAreThoseOfTheClient() throws Exception {
    String page = Files.readString(PAGE);
    Duration call = PushClientOptions.DEFAULT.callTimeout();
    Duration message = PushClientOptions.DEFAULT.messageTimeout();
    assertTrue(page.contains("| " + call.toSeconds() + " s |"), call::toString);
    assertTrue(page.contains("setSendTimeout(" + call.toSeconds() + "_000)"), call::toString);
    assertTrue(
        page.contains("| " + message.toHours() + " h and " + message.toSecondsPart() + " s |"),
        message::toString);
  }
}
