// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.config.KeyHash;
import picocli.CommandLine;

/** What scripts see of the program: exit codes, and what is printed. */
class CommandLineTest {
  private static final String GATEWAY =
      """
      [phone]
      app_id = com.example.phone
      app_type = sylk
      app_platform = android
      firebase_authorization_key = a-secret-server-key
      firebase_push_url = https://gateway.example.com/fcm/send
      """;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir Path directory;

  private int run(String... arguments) {
    return new CommandLine(new Main())
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  private int check(String general, String applications) throws IOException {
    Files.writeString(directory.resolve("general.ini"), general);
    Files.writeString(directory.resolve("applications.ini"), applications);
    return run("check-config", "--config_dir", directory.toString());
  }

  private void assertPrinted(String text) {
    assertTrue(out.toString().contains(text), () -> text + " is not in:\n" + out);
  }

  @Test
  void aGoodConfigurationIsPrintedAndEndsWith0() throws IOException {
    assertEquals(0, check("[server]\nport = 8401\n", GATEWAY));
    assertPrinted("http://127.0.0.1:8401");
    assertPrinted("[phone] com.example.phone on firebase, type sylk");
  }

  @Test
  void aWarningStopsNothingAndNoSecretIsPrinted() throws IOException {
    assertEquals(0, check("", GATEWAY));
    assertPrinted("warning: ");
    assertPrinted("[phone] firebase_authorization_key");
    assertFalse(out.toString().contains("a-secret-server-key"), out::toString);
  }

  @Test
  void anApplicationThatCannotRunEndsWith1AndNamesFileSectionAndKey() throws IOException {
    assertEquals(1, check("", GATEWAY.replace("type = sylk", "type = silk")));
    assertPrinted("applications.ini [phone] app_type");
    assertPrinted("applications: 0");
  }

  @Test
  void aSettingThatStopsTheServerEndsWith1() throws IOException {
    assertEquals(1, check("[server]\nallowed_hosts = nobody\n", GATEWAY));
    assertPrinted("general.ini [server] allowed_hosts");
  }

  @Test
  void theServerDoesNotStartWithSuchASetting() throws IOException {
    Files.writeString(directory.resolve("general.ini"), "[server]\nallowed_hosts = nobody\n");
    assertEquals(1, run("--config-dir", directory.toString(), "--port", "0"));
    assertTrue(err.toString().contains("general.ini [server] allowed_hosts"), err::toString);
  }

  @Test
  void aWrongOptionIsExplained() {
    assertEquals(2, run("--confg-dir", "/etc"));
    assertTrue(err.toString().contains("--config-dir"), err::toString);
  }

  @Test
  void anApiKeyIsPrintedWithItsLine() {
    assertEquals(0, run("api-key", "pbx-1"));
    String[] lines = out.toString().split("\n", -1);
    String key = lines[0].substring("key:  ".length());
    String hash = HexFormat.of().formatHex(new KeyHash().of(key));
    assertEquals("line: pbx-1  " + hash + "  *", lines[1]);
  }

  @Test
  void aNameThatWouldNotFitALogLineIsRefused() {
    assertEquals(2, run("api-key", "a b"));
    assertTrue(err.toString().contains("NAME must have"), err::toString);
  }
}
