// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import io.vertx.config.spi.ConfigProcessor;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Teaches Vert.x Config the format {@code ini}: INI in the dialect of Python's configparser.
 *
 * <p>The result has {@code sections} (name → key → text), {@code defaults} (the keys of {@code
 * [DEFAULT]}), {@code file} (the store's {@code path}) and {@code problems}. Text that is not good
 * INI never fails; it is told in {@code problems}.
 */
public final class IniProcessor implements ConfigProcessor {
  /** What a store's {@code format} must be. */
  public static final String FORMAT = "ini";

  @Override
  public String name() {
    return FORMAT;
  }

  @Override
  public Future<JsonObject> process(Vertx vertx, JsonObject configuration, Buffer input) {
    String file = configuration.getString("path", "configuration");
    return vertx.executeBlocking(() -> IniText.parse(file, text(input.getBytes())).toJson());
  }

  /** Reads a file at once. Blocks. */
  static IniFile read(Path file) throws IOException {
    return IniText.parse(file.toString(), text(Files.readAllBytes(file)));
  }

  /** UTF-8; what is not is taken for Latin-1, which old files have in comments and names. */
  private static String text(byte[] bytes) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
  }
}
