// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.cli.Mistakes;
import org.pushserver.cli.Version;
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
    return Mistakes.commandLine(new Main())
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
  void allThatIsWrongIsToldInOneGo() throws IOException {
    assertEquals(
        1,
        check(
            "[server]\nallowed_host = ::1\nprot = 1\n",
            """
            [ios]
            app_id = a
            app_type = sylk
            app_platform = apple
            apple_key = no.pem
            apple_certificate = none.pem
            [odd]
            app_id = b
            """));
    assertPrinted("pushserver cannot start:");
    assertPrinted("general.ini [server] allowed_host: unknown key; did you mean allowed_hosts?");
    assertPrinted("general.ini [server] prot: unknown key");
    assertPrinted("applications.ini [ios] apple_key: there is no file");
    assertPrinted("applications.ini [ios] apple_certificate: there is no file");
    assertPrinted("applications.ini [odd] app_type: it is missing");
  }

  @Test
  void itSaysWhetherTheAddressIsFreeOrTaken() throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String port = "port = " + taken.getLocalPort() + "\n";
      assertEquals(0, check("[server]\nhost = 127.0.0.1\n" + port, GATEWAY));
      assertPrinted("  127.0.0.1:" + taken.getLocalPort() + " is in use: by a server that runs");
      assertEquals(1, run("--config-dir", directory.toString()));
      assertTrue(
          err.toString()
              .contains("[server] port: 127.0.0.1:" + taken.getLocalPort() + " is in use"),
          err::toString);
    }
    assertEquals(1, check("[server]\nhost = 203.0.113.77\n", GATEWAY));
    assertPrinted("[server] host: 203.0.113.77 is no address of this machine");
  }

  @Test
  void aLogFileThatCannotBeWrittenIsAWarning() throws IOException {
    assertEquals(
        0, check("[server]\nport = 0\nlog_to_file = yes\nlog_file = general.ini/x.log\n", GATEWAY));
    assertPrinted("[server] log_file: " + directory + "/general.ini/x.log cannot be written");
  }

  @Test
  void aUserThatDoesNotExistIsAnError() throws IOException {
    Files.writeString(directory.resolve("general.ini"), "");
    Files.writeString(directory.resolve("applications.ini"), GATEWAY);
    assertEquals(
        1, run("check-config", "--config-dir", directory.toString(), "--user", "no-such-user"));
    assertPrinted("--user: 'no-such-user' is no user here");
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

  static Stream<String> commands() {
    return Stream.concat(
            Stream.of(""), new CommandLine(new Main()).getSubcommands().keySet().stream())
        .filter(name -> !name.equals("help"));
  }

  @ParameterizedTest
  @MethodSource("commands")
  void aMistakeIsToldInThreeLinesWithTheWayToHelp(String command) {
    assertTrue(run(words(command, "--vrsion")) > 0);
    List<String> lines = err.toString().lines().toList();
    assertTrue(lines.size() <= 3, err::toString);
    assertTrue(lines.get(0).startsWith(("pushserver " + command).strip() + ": "), err::toString);
    assertTrue(lines.get(0).matches(".*(Unknown option: '--vrsion'|not given).*"));
    assertTrue(lines.get(lines.size() - 1).endsWith((command + " --help").strip()), err::toString);
    assertEquals("", out.toString());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandSaysItsVersion(String command) {
    assertEquals(0, run(words(command, "--version")));
    assertEquals("Pushserver " + Version.current(), out.toString().strip());
    assertTrue(Character.isDigit(Version.current().charAt(0)), Version.current());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandHasHelp(String command) {
    assertEquals(0, run(words(command, "--help")));
    assertPrinted("Usage: " + ("pushserver " + command).strip());
  }

  private static String[] words(String command, String option) {
    return command.isEmpty() ? new String[] {option} : new String[] {command, option};
  }

  @Test
  void theHelpNamesEveryCommandButTheHiddenOne() {
    assertEquals(0, run("--help"));
    for (String name :
        List.of(
            "serve",
            "check-config",
            "why",
            "calls",
            "tokens",
            "api-key",
            "sandbox",
            "push",
            "archive")) {
      assertPrinted("\n  " + name + " ");
    }
    assertFalse(out.toString().contains("rehearse"), out::toString);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--no-fork", "--no_fork"})
  void whatTheOldDaemonWasStartedWithIsTaken(String option) throws IOException {
    Files.writeString(directory.resolve("general.ini"), "");
    Files.writeString(directory.resolve("applications.ini"), GATEWAY);
    assertEquals(0, run("check-config", option, "--config_dir", directory.toString()));
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
  void anApiKeyMayBeForMoreThanPushes() {
    assertEquals(0, run("api-key", "--right", "console,acks", "desk"));
    assertTrue(out.toString().endsWith("  *  console,acks\n"), out::toString);
    assertEquals(2, run("api-key", "--right", "all", "desk"));
    assertTrue(err.toString().contains("RIGHT must be one of push, tokens, search, acks, console"));
  }

  @Test
  void anApiKeyMayBeLimitedToDomains() {
    assertEquals(
        0,
        run("api-key", "--right", "push,tokens", "--domain", "example.com,@example.org", "pbx-1"));
    assertTrue(
        out.toString().endsWith("  *  push,tokens  @example.com,@example.org\n"), out::toString);
    assertEquals(0, run("api-key", "--domain", "example.com", "pbx-1"));
    assertTrue(out.toString().endsWith("  *  @example.com\n"), out::toString);
    assertEquals(2, run("api-key", "--domain", "example.com", "--right", "search", "desk"));
    assertTrue(err.toString().contains("no right but push and tokens"), err::toString);
    assertEquals(2, run("api-key", "--domain", "example.com:5060", "desk"));
    assertTrue(err.toString().contains("DOMAIN must be a name"), err::toString);
  }

  @Test
  void aNameThatWouldNotFitALogLineIsRefused() {
    assertEquals(2, run("api-key", "a b"));
    assertTrue(err.toString().contains("NAME must have"), err::toString);
  }
}
