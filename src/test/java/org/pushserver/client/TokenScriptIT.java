// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.cli.Version;
import org.pushserver.fake.Command;
import org.pushserver.fake.Programs;
import org.pushserver.fake.TestTls;

/** What whoever calls pushclient-v2 relies on. */
@Timeout(60)
class TokenScriptIT {
  private static final Path SCRIPT = Path.of("bin", "pushclient-v2");

  /** What sylk-pushclient-v2 of Sylk Pushserver 2.0.1 sent, printed, and ended with. */
  private static final Path RECORDED = Path.of("src/test/resources/golden/pushclient-v2.jsonl");

  private static final String[] REMOVE = {"remove", "--appid", "app", "--deviceid", "d"};

  @RegisterExtension final Recorder recorder = new Recorder();
  @TempDir private Path directory;

  private PushScript script() {
    return PushScript.in(directory).calledAs(SCRIPT);
  }

  private String url() {
    return "http://127.0.0.1:" + recorder.port();
  }

  /** Of the account {@code b}, with these global options before the rest. */
  private Ended run(List<String> options, String... rest) throws Exception {
    List<String> all = new ArrayList<>(List.of("--url", url(), "--account", "b"));
    all.addAll(options);
    all.addAll(List.of(rest));
    return script().run(all);
  }

  private Ended run(String... arguments) throws Exception {
    return run(List.of(), arguments);
  }

  /** That this was asked; gives the body. */
  private JsonObject asked(String start) {
    Recorder.Request request = recorder.next();
    assertEquals(start + " HTTP_1_1 application/json", request.head());
    return new JsonObject(request.body());
  }

  @Test
  void aPushRingsAllDevices() throws Exception {
    Ended ended =
        run(
            List.of("--account", "bob@example.com"),
            "push",
            "--callid",
            "c1",
            "--from",
            "sip:Al\\i\"ce",
            "--to=sip:bob");
    assertEquals(0, ended.code(), ended::err);
    String path = "/v2/tokens/bob@example.com/push";
    assertEquals("Push request to " + url() + path + " - 200: {\"code\":200}\n", ended.out());
    assertEquals(
        new JsonObject()
            .put("call-id", "c1")
            .put("from", "sip:Al\\i\"ce")
            .put("from-display-name", "sip:Al\\i\"ce")
            .put("to", "sip:bob")
            .put("media-type", "audio")
            .put("event", "incoming_session")
            .put("badge", 1),
        asked("POST " + path));
  }

  @Test
  void aPushSaysAllThatItIsTold() throws Exception {
    Ended ended =
        run(
            "push",
            "--callid",
            "c",
            "--from",
            "a",
            "--to",
            "b",
            "--deviceid",
            "<urn:uuid:é/1+2>",
            "--badge",
            "07",
            "--from_name",
            "Zoë",
            "--reason",
            "busy",
            "--mediatype",
            "file-transfer",
            "--event",
            "transfer",
            "--filename",
            "f.txt",
            "--filetype",
            "text/plain");
    assertEquals(0, ended.code(), ended::err);
    assertEquals(
        new JsonObject()
            .put("call-id", "c")
            .put("from", "a")
            .put("to", "b")
            .put("from-display-name", "Zoë")
            .put("reason", "busy")
            .put("filename", "f.txt")
            .put("filetype", "text/plain")
            .put("media-type", "file-transfer")
            .put("event", "transfer")
            .put("badge", 7),
        asked("POST /v2/tokens/b/push/%3curn%3auuid%3a%c3%a9%2f1%2b2%3e"));
  }

  @Test
  void devicesAreAddedAndRemoved() throws Exception {
    Ended added =
        run(
            "add",
            "--appid",
            "app",
            "--token",
            "t-u",
            "--deviceid",
            "d",
            "--platform",
            "apple",
            "--user_agent",
            "Voice 3");
    assertTrue(added.out().startsWith("Add request to "), added::out);
    assertEquals(
        new JsonObject()
            .put("app-id", "app")
            .put("token", "t-u")
            .put("device-id", "d")
            .put("platform", "apple")
            .put("user-agent", "Voice 3")
            .put("silent", "1"),
        asked("POST /v2/tokens/b"));
    Ended removed = run(REMOVE);
    assertTrue(removed.out().startsWith("Remove request to "), removed::out);
    assertEquals(
        new JsonObject().put("app-id", "app").put("device-id", "d"), asked("DELETE /v2/tokens/b"));
  }

  /** What ours does otherwise than the old script, and why. */
  private static final Map<String, String> OTHERWISE =
      Map.of(
          "push --callid c1 --from sip:alice@example.com --to sip:bob@example.com --badge x",
          "a badge that is no number reaches no phone: it is a mistake of the caller",
          "",
          "without a word the old script ends with an error of its own, and with 1");

  /** As it means to a server: nothing is null, and a number is one, also as text. */
  private static JsonObject meant(JsonObject body) {
    JsonObject meant = new JsonObject();
    body.forEach(
        field -> {
          boolean isLeftOut =
              field.getValue() == null
                  // The old script says so of an app that is not named.
                  || (field.getKey().equals("user-agent") && "None".equals(field.getValue()));
          if (!isLeftOut) {
            JsonObject unused =
                meant.put(
                    field.getKey(),
                    field.getKey().equals("badge")
                        ? Integer.valueOf(field.getValue().toString())
                        : field.getValue());
          }
        });
    return meant;
  }

  private static String decoded(String path) {
    return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  @Test
  void itSendsWhatTheOldScriptSends() throws Exception {
    int compared = 0;
    int differing = 0;
    for (String line : Files.readAllLines(RECORDED)) {
      JsonObject recorded = new JsonObject(line);
      List<String> arguments =
          recorded.getJsonArray("arguments").stream().map(String::valueOf).toList();
      JsonObject sent = recorded.getJsonObject("sent");
      recorder.status = sent == null ? 200 : recorded.getInteger("answered");
      String printed = recorded.getString("printed");
      recorder.body = printed.substring(printed.lastIndexOf(": ") + (sent == null ? 1 : 2));
      List<String> all = new ArrayList<>(List.of("--url", url()));
      all.addAll(arguments);
      Ended ended = script().run(all);
      String rest =
          arguments.size() >= 2 && arguments.get(0).equals("--account")
              ? String.join(" ", arguments.subList(2, arguments.size()))
              : "none";
      if (OTHERWISE.containsKey(rest)) {
        differing++;
        assertEquals(2, ended.code(), OTHERWISE.get(rest));
        assertTrue(recorder.isIdle());
        continue;
      }
      assertEquals(recorded.getInteger("exit"), ended.code(), () -> line + "\n" + ended);
      if (sent == null) {
        assertTrue(recorder.isIdle(), line);
        continue;
      }
      compared++;
      Recorder.Request request = recorder.next();
      assertEquals(sent.getString("method"), request.head().split(" ", -1)[0], line);
      assertTrue(request.head().endsWith(" " + sent.getString("content-type")), request::head);
      assertEquals(decoded(sent.getString("path")), decoded(request.uri()), line);
      assertEquals(meant(sent.getJsonObject("body")), meant(new JsonObject(request.body())), line);
      assertEquals(printed.replace("URL", url()) + "\n", decoded(ended.out()), line);
    }
    assertEquals(41, compared);
    assertEquals(OTHERWISE.size(), differing);
  }

  @Test
  void exitCodesAreTheOldOnes() throws Exception {
    for (int good : List.of(200, 202, 410)) {
      recorder.status = good;
      assertEquals(0, run(REMOVE).code());
    }
    for (int bad : List.of(307, 400, 404, 503)) {
      recorder.status = bad;
      recorder.body = "{\"result\":\"Not found\"}";
      Ended ended = run(REMOVE);
      assertEquals(1, ended.code());
      assertEquals(
          "Remove request to " + url() + "/v2/tokens/b - " + bad + ": " + recorder.body + "\n",
          ended.out());
    }
    recorder.close();
    Ended nobody = run(REMOVE);
    assertEquals(1, nobody.code());
    assertTrue(
        nobody
            .err()
            .startsWith("pushclient-v2: Remove request to " + url() + "/v2/tokens/b failed"),
        nobody::err);
  }

  @Test
  void anAnswerThatDoesNotComeIsNotWaitedFor() throws Exception {
    recorder.silent = true;
    Ended ended = run(List.of("--timeout", "1"), REMOVE);
    assertEquals(1, ended.code());
    assertTrue(ended.err().contains("timed out"), ended::err);
    assertTrue(script().run(List.of("--help")).out().contains("Default: 5\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "push",
        "",
        "rm",
        "push --callid c --from a",
        "push --callid",
        "push --callid c --from a --to b --badge x",
        "push --callid c --from a --to b --silent 1",
        "add --badge 1",
        "add --appid a --token t",
        "remove --appid a",
        "remove --appid a --deviceid d --account b",
        "remove --appid a --deviceid d add",
        "--timeout 0 remove --appid a --deviceid d",
        "--key k remove --appid a --deviceid d",
        "--appid a remove --deviceid d",
        "--url ftp://127.0.0.1 remove --appid a --deviceid d",
        "--url http://a:b@127.0.0.1 remove --appid a --deviceid d",
        "--account= remove --appid a --deviceid d"
      })
  void wrongUsageIs2AndSendsNothing(String arguments) throws Exception {
    String[] words = arguments.isEmpty() ? new String[0] : arguments.split(" ", -1);
    Ended ended = run(words);
    assertEquals(2, ended.code(), ended::out);
    assertTrue(ended.err().endsWith("\nHelp: pushclient-v2 --help\n"), ended::err);
    assertTrue(recorder.isIdle());
  }

  @Test
  void aKeyAndATokenAreOnNoCommandLine() throws Exception {
    Path seen = directory.resolve("seen");
    Path curl = directory.resolve("curl");
    Files.writeString(
        curl,
        "#!/bin/sh\nprintf '%s ' \"$@\" >"
            + seen
            + "\nexec "
            + Programs.find("curl").orElseThrow()
            + " \"$@\"\n");
    Files.setPosixFilePermissions(curl, PosixFilePermissions.fromString("rwxr-xr-x"));
    PushScript script =
        script()
            .with(
                Map.of(
                    "PATH",
                    directory + ":" + System.getenv("PATH"),
                    "PUSHSERVER_API_KEY",
                    "k-1",
                    "http_proxy",
                    "http://127.0.0.1:1"));
    List<String> add =
        List.of(
            "--url", url(), "--account=b", "add", "--appid=a", "--token=secret", "--deviceid=d");
    assertEquals(0, script.run(add).code());
    Recorder.Request request = recorder.next();
    assertEquals("Bearer k-1", request.authorization());
    assertTrue(request.body().contains("secret"));
    assertEquals("-q -K - ", Files.readString(seen));
    assertEquals(0, run(List.of("--api-key", "k-2"), REMOVE).code());
    assertEquals("Bearer k-2", recorder.authorization());
  }

  @Test
  void aServerThatWantsAClientCertificateGetsIt() throws Exception {
    TestTls tls = TestTls.create(directory);
    String secure = recorder.secure(tls).replace("/push", "");
    Ended untrusted = run(List.of("--url", secure), REMOVE);
    assertEquals(1, untrusted.code());
    assertTrue(untrusted.err().contains(secure + "/v2/tokens/b failed"), untrusted::err);
    Ended ended =
        run(
            List.of(
                "--url",
                secure,
                "--ca-file",
                tls.ca().toString(),
                "--cert",
                tls.clientCertificate().toString(),
                "--key",
                tls.clientKey().toString()),
            REMOVE);
    assertEquals(0, ended.code(), ended::err);
    Ended missing = run(List.of("--ca-file", "/no/such/file"), REMOVE);
    assertEquals("pushclient-v2: there is no file /no/such/file\n", missing.err());
    assertEquals(1, missing.code());
  }

  @Test
  void anAnswerNeverSteersATerminal() throws Exception {
    recorder.body = "a\u001b[2J\rb\u007f\nc";
    assertTrue(run(REMOVE).out().endsWith(" - 200: a[2J b\nc\n"));
  }

  @Test
  void itIsAScriptForEveryShellAndKnowsItsVersion() throws Exception {
    Path link = directory.resolve("tokens client");
    Files.createSymbolicLink(link, SCRIPT.toAbsolutePath());
    Ended ended = script().calledAs(link).run(List.of("--version"));
    assertEquals("Pushserver " + Version.current() + "\n", ended.out());
    assumeTrue(Programs.areHere("shellcheck"), "shellcheck is not installed");
    Command.Ended shellcheck = Command.of("shellcheck", SCRIPT.toString()).run();
    assertEquals(0, shellcheck.code(), shellcheck.said());
    assertFalse(Files.readString(SCRIPT).contains("/bin/bash"));
  }
}
