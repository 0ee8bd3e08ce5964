// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Vertx;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;

/** A server that was started by somebody whose digits are others. */
@Timeout(60)
class LocaleIT {
  private static final String DEAD = "dead".repeat(16);

  @TempDir private Path directory;

  @ParameterizedTest
  @CsvSource({"ar, EG", "fa, IR"})
  void numbersInAnswersAndLogLinesHaveAsciiDigits(String language, String country)
      throws Exception {
    Vertx vertx = Vertx.vertx();
    Sandbox sandbox =
        Sandbox.start(vertx, SandboxOptions.in(directory)).await(30, TimeUnit.SECONDS);
    ServerProcess server =
        ServerProcess.start(
            sandbox.configDirectory(), "-Duser.language=" + language, "-Duser.country=" + country);
    try {
      HttpResponse<String> refused = server.push("a".repeat(5000)).get(30, TimeUnit.SECONDS);
      assertEquals(400, refused.statusCode());
      assertTrue(refused.body().contains("5000"), refused.body());
      HttpResponse<String> dead = server.push(DEAD).get(30, TimeUnit.SECONDS);
      assertEquals(410, dead.statusCode());
      assertEquals("", foreignDigits(refused.body() + dead.body() + server.log()));
    } finally {
      server.kill();
      vertx.close().await(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void aForeignDigitIsFound() {
    assertEquals("\u0665", foreignDigits("5 \u0665"));
  }

  private static String foreignDigits(String text) {
    return text.codePoints()
        .filter(point -> point > 127 && Character.isDigit(point))
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString();
  }
}
