// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A server that was started by somebody whose digits are others. */
@Timeout(60)
class LocaleIT {
  private static final String DEAD = "dead".repeat(16);

  @TempDir private Path directory;
  @RegisterExtension private final Program program = new Program(() -> directory);

  @ParameterizedTest
  @CsvSource({"ar, EG", "fa, IR"})
  void numbersInAnswersAndLogLinesHaveAsciiDigits(String language, String country)
      throws Exception {
    ServerProcess server =
        program.start("-Duser.language=" + language, "-Duser.country=" + country);
    HttpResponse<String> refused = await(server.push("a".repeat(5000)));
    assertEquals(400, refused.statusCode());
    assertTrue(refused.body().contains("5000"), refused.body());
    HttpResponse<String> dead = await(server.push(DEAD));
    assertEquals(410, dead.statusCode());
    assertEquals("", foreignDigits(refused.body() + dead.body() + server.log()));
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
