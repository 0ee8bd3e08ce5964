// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.TestTls;

/** What whoever calls pushclient relies on, whichever of the two programs does it. */
@Timeout(60)
abstract class ClientContract {
  private static final String ANSWER = "{\"code\":200}";

  @RegisterExtension final Recorder recorder = new Recorder();
  private final StringBuilder out = new StringBuilder();
  private final StringBuilder err = new StringBuilder();

  /** Runs the program and gives what it printed. */
  abstract Ended run(List<String> arguments) throws Exception;

  @Test
  void theOptionsOfTheOldClientBecomeTheFieldsOfTheRequest() throws Exception {
    assertEquals(
        0,
        push(
            "--deviceid",
            "d1",
            "--callid",
            "c1",
            "--event",
            "incoming_session",
            "--from_name",
            "Alice",
            "--silent",
            "1",
            "--mediatype",
            "video"));
    assertEquals(
        new JsonObject()
            .put("app-id", "com.example.phone")
            .put("platform", "apple")
            .put("token", "abcd")
            .put("device-id", "d1")
            .put("call-id", "c1")
            .put("event", "incoming_session")
            .put("from", "sip:a@example.com")
            .put("from-display-name", "Alice")
            .put("to", "sip:b@example.com")
            .put("silent", true)
            .put("media-type", "video"),
        recorder.received());
    assertTrue(
        out.toString()
            .strip()
            .matches("The push service took the push after .* \\(call-id c1\\)\\."),
        out::toString);
  }

  @Test
  void anApiKeyIsSent() throws Exception {
    assertEquals(0, push("--api-key", "k-1"));
    assertEquals("Bearer k-1", recorder.authorization());
  }

  @Test
  void aFailureIsOneSentenceWithThePushServicesWordAndWhatToDo() throws Exception {
    recorder.status = 410;
    recorder.body =
        "{\"code\":410,\"description\":\"push notification response\","
            + "\"data\":{\"body\":{\"reason\":\"no\"},\"reason\":\"Unregistered\\u001b[2J\"}}";
    assertEquals(1, push());
    assertEquals(
        "pushclient: the push was not sent (410, Unregistered [2J):"
            + " the device's token is dead; forget it.\n",
        err.toString());
    assertEquals("", out.toString());
  }

  @Test
  void whatTheServerSaysOfAPushThatNeedNotBeSentIsTold() throws Exception {
    recorder.body =
        "{\"code\":200,\"description\":\"nothing to cancel\",\"data\":{\"reason\":\"OK\"}}";
    assertEquals(0, push());
    assertTrue(out.toString().startsWith("The server answered 'nothing to cancel'"), out::toString);
  }

  @Test
  void anAnswerThatIsNotOursStillHasItsStatus() throws Exception {
    recorder.status = 502;
    recorder.body = "<html>Bad gateway</html>";
    assertEquals(1, push());
    assertEquals(
        "pushclient: the push was not sent (502): see the server's log.\n", err.toString());
  }

  @Test
  void whatIsNotGivenHasASensibleDefaultOrIsLeftOut() throws Exception {
    assertEquals(0, push());
    JsonObject sent = recorder.received();
    assertEquals("incoming_session", sent.getString("event"));
    assertEquals("audio", sent.getString("media-type"));
    assertFalse(sent.getString("call-id").isEmpty());
    assertFalse(sent.containsKey("silent"));
    assertFalse(sent.containsKey("device-id"));
  }

  @ParameterizedTest
  @CsvSource({
    "--silent, true",
    "--silent=false, false",
    "--silent=0, false",
    "--silent=True, true"
  })
  void silentIsSentAsABoolean(String option, boolean silent) throws Exception {
    assertEquals(0, push(option));
    assertEquals(silent, recorder.received().getBoolean("silent"));
  }

  @ParameterizedTest
  @CsvSource({"200, 0", "202, 0", "400, 1", "404, 1", "410, 1", "503, 1", "500, 1"})
  void theExitCodeSaysWhetherThePushWasTaken(int answered, int exitCode) throws Exception {
    recorder.status = answered;
    assertEquals(exitCode, push("--json"));
    assertEquals(ANSWER, out.toString().strip());
    assertEquals(exitCode == 0, err.toString().isEmpty());
    assertTrue(err.toString().lines().count() <= 1, err::toString);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--key=k.pem",
        "--no-such-option",
        "--silent=maybe",
        "--badge=x",
        "--timeout=0",
        "--timeout=1.5",
        "--url=nowhere",
        "--url=file:///etc/passwd",
        "--url=http://somebody:secret@127.0.0.1/push",
        "--url=http://127.0.0.1:70000/push",
        "--url=http://127.0.0.1/a b",
        "--api-key=two\nlines",
        "another-word"
      })
  void wrongUsageIs2AndSendsNothing(String option) throws Exception {
    assertEquals(2, push(option));
    assertTrue(recorder.isIdle());
    assertFalse(err.toString().isEmpty());
  }

  @Test
  void allThatIsMissingIsToldAndIs2() throws Exception {
    assertEquals(2, run("--platform", "apple"));
    assertEquals(
        "pushclient: not given: --app-id, --token, --from, --to",
        err.toString().lines().findFirst().orElse(""));
  }

  @Test
  void aServerThatIsNotThereIs1AndSaysSo() throws Exception {
    recorder.close();
    assertEquals(1, push());
    assertTrue(err.toString().contains("Is the server running"), err::toString);
  }

  @Test
  void aCaFileThatIsNotThereIs1() throws Exception {
    assertEquals(1, push("--ca-file", "/no/such/file"));
    assertTrue(recorder.isIdle());
    assertEquals("pushclient: there is no file /no/such/file\n", err.toString());
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:1/push, nothing listens there",
    "http://no-such-host.invalid/push, nobody knows the name no-such-host.invalid",
  })
  void whyThereIsNoAnswerIsSaidInWords(String url, String words) throws Exception {
    assertEquals(1, push("--url=" + url));
    assertTrue(err.toString().contains("no answer from " + url + ": " + words), err::toString);
    assertFalse(err.toString().contains("Exception"), err::toString);
    assertEquals(1, err.toString().lines().count());
  }

  @Test
  void aServerThatWantsAClientCertificateGetsIt(@TempDir Path directory) throws Exception {
    TestTls tls = TestTls.create(directory);
    String url = "--url=" + recorder.secure(tls);
    String certificate = tls.clientCertificate().toString();
    String key = tls.clientKey().toString();
    String authority = tls.ca().toString();

    assertEquals(0, push(url, "--ca-file", authority, "--cert", certificate, "--key", key));
    Path both = directory.resolve("both.pem");
    Files.writeString(
        both, Files.readString(tls.clientKey()) + Files.readString(tls.clientCertificate()));
    assertEquals(0, push(url, "--ca-file", authority, "--cert", both.toString()));
    assertEquals("", err.toString());

    assertEquals(1, push(url, "--ca-file", authority));
    assertTrue(err.toString().contains("--cert"), err::toString);
    assertEquals(1, push(url));
    assertTrue(
        err.toString().contains("not trusted here; give its authority with --ca-file"),
        err::toString);
    assertEquals(1, push(url, "--cert", certificate, "--key", certificate));
    assertTrue(err.toString().contains("there is no private key in it"), err::toString);
    assertFalse(err.toString().contains("Exception"), err::toString);
  }

  @Test
  void httpsToAPlainPortSaysSo() throws Exception {
    assertEquals(1, push("--url=https://127.0.0.1:" + recorder.port() + "/push"));
    assertTrue(
        err.toString().contains("it speaks plain HTTP; write http:// in --url"), err::toString);
  }

  @Test
  void theNameOfACallerIsSentAsItIsWhateverStandsInIt() throws Exception {
    for (String name :
        List.of(
            "Zoë & Søn <\u4f60\u597d> \ud83d\udcde",
            "\"a\" \\ 'b' `id` $(id) ${HOME} %s %n \\n \\u0041",
            "line\nline\r\n\n\ttab\b\f\u0001\u001b[2J\u007f",
            "@/etc/hostname",
            "=1",
            "--to",
            "-d",
            "-",
            "--",
            " a  b ",
            "{\"code\":200}",
            "]}'\"",
            "",
            "*",
            "BODY\n}\nSETTINGS")) {
      assertEquals(0, push("--from_name", name, "--content=" + name, "--silent"), err::toString);
      JsonObject sent = recorder.received();
      assertEquals(name, sent.getString("from-display-name"));
      assertEquals(name, sent.getString("content"));
      assertEquals("sip:b@example.com", sent.getString("to"));
      assertEquals(true, sent.getBoolean("silent"));
    }
  }

  @Test
  void aLongTextIsSentWhole() throws Exception {
    String text = "\"zwölf\\\n".repeat(6_000);
    assertEquals(0, push("--content", text));
    assertEquals(text, recorder.received().getString("content"));
  }

  @Test
  void ofAnOptionThatIsGivenTwiceTheLastCounts() throws Exception {
    assertEquals(0, push("--to", "sip:c@example.com"));
    assertEquals("sip:c@example.com", recorder.received().getString("to"));
    assertEquals("", err.toString());
  }

  @Test
  void anOptionWithoutItsValueIsNamed() throws Exception {
    assertEquals(2, push("--from_name"));
    assertEquals(
        "pushclient: --from_display_name needs a value",
        err.toString().lines().findFirst().orElse(""));
  }

  @Test
  void aRedirectIsNotFollowed() throws Exception {
    recorder.status = 307;
    recorder.location = "/elsewhere";
    assertEquals(1, push());
    assertEquals(
        "pushclient: the push was not sent (307): see the server's log.\n", err.toString());
    assertEquals("/push", recorder.uri());
    assertTrue(recorder.isIdle());
  }

  @Test
  void anAnswerThatDoesNotComeIsNotWaitedForLongerThanToldTo() throws Exception {
    recorder.silent = true;
    assertEquals(1, push("--timeout", "1"));
    assertTrue(
        err.toString().endsWith("connected, but no answer within 1 s; see the server's log.\n"),
        err::toString);
  }

  @Test
  void aServerWithTheCertificateOfAnotherNameIsNotAsked(@TempDir Path directory) throws Exception {
    TestTls tls = TestTls.create(directory);
    HttpServer secure =
        recorder
            .vertx()
            .createHttpServer(new HttpServerOptions().setSsl(true).setKeyCertOptions(tls.server()))
            .requestHandler(request -> request.response().end(ANSWER));
    await(secure.listen(0, "127.0.0.2"));
    String url = "--url=https://127.0.0.2:" + secure.actualPort() + "/push";
    assertEquals(1, push(url, "--ca-file", tls.ca().toString()));
    assertTrue(
        err.toString().endsWith("its certificate is for another name than the one in --url.\n"),
        err::toString);
  }

  int push(String... more) throws Exception {
    return run(recorder.push(more).toArray(String[]::new));
  }

  private int run(String... arguments) throws Exception {
    Ended ended = run(List.of(arguments));
    out.append(ended.out());
    err.append(ended.err());
    return ended.code();
  }
}
