// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pages;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pushserver.pages.Page.Block;

/** What the pages show to Java programmers: whole classes, pieces of a method, dependencies. */
final class JavaBlocks {
  private static final Pattern PIECE =
      Pattern.compile("import .*;|[A-Z]\\w+ \\w+ =.*|(pushes|vertx)\\b.*");

  private static final Pattern CLASS = Pattern.compile("public (?:final )?class (\\w+)");

  /** Around a piece: what the pages before it have, under the names that they give it. */
  private static final String METHOD =
      """
      import io.vertx.core.*;
      import io.vertx.core.buffer.Buffer;
      import io.vertx.core.eventbus.*;
      import io.vertx.core.json.*;
      import java.nio.file.Path;
      import java.time.Duration;
      import org.pushserver.*;
      import org.pushserver.bus.*;

      abstract class %s {
        Vertx vertx;
        PushClient pushes;
        PushMessage ring;
        PushMessage hello;
        String token;
        JsonObject config;

        void piece() throws Exception {
      %s
        }
      }
      """;

  private JavaBlocks() {}

  /** Whether a block is Java. */
  static boolean isIn(Block block) {
    return PIECE.matcher(block.first()).matches();
  }

  /** Whether a block says to Maven or Gradle what a service needs. */
  static boolean isDependency(Block block) {
    return block.first().equals("<dependency>") || block.first().startsWith("implementation(");
  }

  /** The sources of blocks, each made whole, by the names of their classes. */
  static Map<String, String> sources(List<Block> blocks) {
    Map<String, String> sources = new LinkedHashMap<>();
    for (Block block : blocks) {
      Matcher whole = CLASS.matcher(block.text());
      if (whole.find()) {
        sources.put(whole.group(1), block.text());
      } else {
        String name = "Line" + block.line();
        sources.put(name, METHOD.formatted(name, block.text()));
      }
    }
    return sources;
  }
}
