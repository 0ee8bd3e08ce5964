// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.client;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.cli.Version;
import org.pushserver.fake.Programs;
import org.pushserver.fake.TestTls;

/** The client as a script, in processes of its own. */
class PushScriptIT extends ClientContract {
  private static final String KEY = "k-of-nobody-else";

  @TempDir private Path directory;

  @Override
  Ended run(List<String> arguments) throws Exception {
    return PushScript.in(directory).run(arguments);
  }

  private Ended pushWith(PushScript script, String... more) throws Exception {
    return script.run(recorder.push(more));
  }

  @Test
  void whatIsSecretOrComesFromACallerIsOnNoCommandLineOfCurlAndNotInItsEnvironment()
      throws Exception {
    Path seen = directory.resolve("seen");
    program(
        "curl",
        "printf '%s ' curl \"$@\" >" + seen,
        "env | grep -v ^PUSHSERVER_API_KEY= >>" + seen,
        "exec " + Programs.find("curl").orElseThrow() + " \"$@\"");
    PushScript script =
        PushScript.in(directory)
            .with(
                Map.of(
                    "PATH",
                    directory + ":" + System.getenv("PATH"),
                    "PUSHSERVER_API_KEY",
                    KEY,
                    "token",
                    "of the environment",
                    "name",
                    "of the environment"));
    Ended ended = pushWith(script, "--from_name", "Mallory");
    assertEquals(0, ended.code(), ended::err);
    Recorder.Request request = recorder.next();
    assertEquals("Bearer " + KEY, request.authorization());
    assertTrue(request.body().contains("\"from-display-name\":\"Mallory\""), request::body);
    String told = Files.readString(seen);
    assertTrue(told.contains("curl -q -K -"), told);
    for (String secret : List.of(KEY, "Mallory", "abcd", "alice", "sip:")) {
      assertFalse(told.contains(secret), () -> secret + " in " + told);
    }
  }

  @Test
  void neitherProxiesOfTheEnvironmentNorTheUsersSettingsOfCurlCount() throws Exception {
    Files.writeString(
        directory.resolve(".curlrc"), "user-agent = mine\nurl = http://127.0.0.1:1/\n");
    String nobody = "http://127.0.0.1:1";
    PushScript script =
        PushScript.in(directory)
            .with(
                Map.of(
                    "HOME", directory.toString(),
                    "http_proxy", nobody,
                    "https_proxy", nobody,
                    "ALL_PROXY", nobody));
    Ended ended = pushWith(script);
    assertEquals(0, ended.code(), ended::err);
    assertEquals("", ended.err());
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "C.UTF-8", "de_DE.UTF-8", "tr_TR.UTF-8"})
  void theLanguageOfTheCallerChangesNothing(String language) throws Exception {
    PushScript script = PushScript.in(directory).with(Map.of("LC_ALL", language, "LANG", language));
    assertEquals(0, pushWith(script, "--from_name", "Zoë", "--silent=TRUE").code());
    String body = recorder.next().body();
    assertTrue(body.contains("\"from-display-name\":\"Zoë\""), body);
  }

  @Test
  void itRunsThroughALinkFromAnotherFolder() throws Exception {
    Path link = directory.resolve("push client");
    Files.createSymbolicLink(link, Path.of("bin/pushclient").toAbsolutePath());
    PushScript script = PushScript.in(directory).calledAs(link);
    assertEquals(0, pushWith(script).code());
    assertTrue(script.run(List.of("--version")).out().startsWith("Pushserver "));
    assertTrue(
        script.run(List.of("--what")).err().endsWith("Help: " + link + " --help\n"),
        () -> "the command as it was called");
  }

  @Test
  void withJavaItDoesTheSameAlsoInTheLanguageC() throws Exception {
    PushScript script = installed(true).with(Map.of("LC_ALL", "C"));
    Ended ended = pushWith(script, "--java", "--callid", "c1", "--from_name", "@Zoë");
    assertEquals(0, ended.code(), ended::err);
    assertTrue(
        ended.out().matches("The push service took the push after .* \\(call-id c1\\)\\.\n"));
    String body = recorder.next().body();
    assertTrue(body.contains("\"from-display-name\":\"@Zoë\""), body);
    Ended wrong = script.run(List.of("--java", "--token"));
    assertEquals(2, wrong.code());
    assertEquals(
        "pushclient: --token needs a value\nHelp: " + script.path() + " --help\n", wrong.err());
    assertEquals("Pushserver " + Version.current() + "\n", script.run(List.of("--version")).out());
  }

  @Test
  void withoutCurlJavaDoesIt() throws Exception {
    Ended ended = pushWith(withoutCurl(installed(true), "bash", "dirname", "readlink"));
    assertEquals(0, ended.code(), ended::err);
    assertEquals("abcd", recorder.received().getString("token"));
  }

  @Test
  void withoutCurlAndJavaItSaysWhatToInstall() throws Exception {
    // There is no jar, which is as good as no Java.
    PushScript script = installed(false);
    Ended ended = pushWith(withoutCurl(script, "bash", "dirname", "readlink"));
    assertEquals(1, ended.code());
    assertTrue(ended.err().startsWith("pushclient: curl is needed: install it."), ended::err);
    Ended shellOnly = pushWith(withoutCurl(script));
    assertEquals(1, shellOnly.code());
    assertTrue(
        shellOnly.err().startsWith("pushclient: curl is needed: install it."), shellOnly::err);
    assertTrue(recorder.isIdle());
  }

  @Test
  void itsVersionIsThatOfTheJar() throws Exception {
    Ended ended = PushScript.in(directory).run(List.of("--version"));
    assertEquals("Pushserver " + Version.current() + "\n", ended.out());
    assertEquals(0, ended.code());
  }

  @Test
  void filesMayHaveAnyName() throws Exception {
    TestTls tls = TestTls.create(directory);
    Path odd = Files.createDirectory(directory.resolve("a:b\\c \"d\" 'e'"));
    Path certificate = Files.copy(tls.clientCertificate(), odd.resolve("c:secret"));
    Path key = Files.copy(tls.clientKey(), odd.resolve("k\\"));
    Path authority = Files.copy(tls.ca(), odd.resolve("ca\""));
    Ended ended =
        pushWith(
            PushScript.in(directory),
            "--url=" + recorder.secure(tls),
            "--cert=" + certificate,
            "--key=" + key,
            "--ca-file=" + authority);
    assertEquals(0, ended.code(), ended::err);
  }

  @Test
  void anAnswerNeverSteersATerminalAndIsCutWhenItIsLong() throws Exception {
    recorder.status = 400;
    recorder.body =
        "{\"code\": 400, \"description\": \"a\\u001b[2J \\\"\\u00e9\\u20ac\\/\\n\u0007b"
            + "x".repeat(400)
            + "\", \"data\": \"\"}";
    Ended ended = PushScript.in(directory).run(recorder.push());
    assertEquals(1, ended.code());
    assertTrue(
        ended
            .err()
            .matches(
                "pushclient: the push was not sent \\(400, a \\[2J \"é€/ +bx+\\.\\.\\.\\):"
                    + " correct what the answer names\\.\n"),
        ended::err);
  }

  @Test
  void anAnswerThatBreaksOffAnywhereIsStillTold() throws Exception {
    recorder.status = 503;
    String whole = "{\"code\":503,\"description\":\"a\\u00e9\\n\\\\\",\"data\":\"\"}";
    for (int end = 0; end < whole.length(); end++) {
      recorder.body = whole.substring(0, end);
      Ended ended = PushScript.in(directory).run(recorder.push());
      assertEquals(1, ended.code());
      assertTrue(ended.err().startsWith("pushclient: the push was not sent (503"), ended::err);
      assertTrue(ended.err().endsWith("): try again later.\n"), ended::err);
    }
  }

  /** As it is installed, in a folder of its own. The jar names the classes of this test. */
  private PushScript installed(boolean withJar) throws IOException {
    Path bin = directory.resolve("pushserver/bin");
    Files.createDirectories(bin.resolve("lib"));
    for (String each : List.of("pushclient", "lib/java.sh")) {
      Files.copy(Path.of("bin", each), bin.resolve(each), StandardCopyOption.COPY_ATTRIBUTES);
    }
    if (withJar) {
      Path lib = Files.createDirectories(bin.resolveSibling("lib"));
      Manifest manifest = new Manifest();
      manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
      manifest
          .getMainAttributes()
          .put(
              Attributes.Name.CLASS_PATH,
              Stream.of(System.getProperty("java.class.path").split(":"))
                  .map(entry -> Path.of(entry).toUri().toString())
                  .collect(joining(" ")));
      new JarOutputStream(Files.newOutputStream(lib.resolve("pushserver.jar")), manifest).close();
    }
    return PushScript.in(directory).calledAs(bin.resolve("pushclient"));
  }

  /** A PATH that has no programs but these. */
  private PushScript withoutCurl(PushScript script, String... programs) throws IOException {
    Path few = Files.createTempDirectory(directory, "few");
    for (String program : programs) {
      Files.createSymbolicLink(few.resolve(program), Programs.find(program).orElseThrow());
    }
    return script.with(
        Map.of("PATH", few.toString(), "JAVA_HOME", System.getProperty("java.home")));
  }

  private void program(String name, String... lines) throws IOException {
    Path file = directory.resolve(name);
    Files.writeString(file, "#!/bin/sh\n" + String.join("\n", lines) + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
