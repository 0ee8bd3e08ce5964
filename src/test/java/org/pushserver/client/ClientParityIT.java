// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** The script and the client in Java send the same, print the same and end alike. */
@Timeout(60)
class ClientParityIT {
  /** What stands behind the options that a push needs. */
  static final List<List<String>> SENT =
      List.of(
          List.of(),
          List.of("--deviceid", "d", "--event", "message", "--content", "c", "--content-type", "t"),
          List.of("--device-id", "d", "--app-id", "a", "--media-type", "video", "--call-id", "x"),
          List.of(
              "--device_id=d", "--app_id=a", "--media_type=chat", "--call_id=", "--content_type="),
          List.of("-d", "d", "-e", "cancel", "-n", "n", "-m", "sms", "-s", "0", "--reason", "r"),
          List.of("-dd", "-e=transfer", "-nn=n", "-m==", "-s=no", "-a", "other", "-p", "firebase"),
          List.of(
              "-t", "-71a883fe", "-f", "", "-o", "--", "--filename", "-h", "--filetype", "--java"),
          List.of("--from_name", "a", "--from-name", "b", "--from_display_name", "c"),
          List.of("--from-display-name", "\"\\/\u0001\t\n\r\b\f\u001f\u007f é \u4f60 \ud83d\udcde"),
          List.of("--account", "@a", "--silent"),
          List.of("--silent", "--badge", "7"),
          List.of("--silent", "YES", "--badge", "-0"),
          List.of("--silent=False", "--badge=+0012"),
          List.of("--badge", "-2147483647"),
          List.of("--api-key", " k\"\\1 ", "--timeout", "0030"),
          List.of("--api_key=", "--json"));

  static final List<List<String>> WRONG =
      List.of(
          List.of("--nothing"),
          List.of("--nothing", "5", "-Q1"),
          List.of("word"),
          List.of(""),
          List.of("--", "--wrong"),
          List.of("--badge", ""),
          List.of("--badge", "1.0"),
          List.of("--badge", "2147483648"),
          List.of("--badge", "99999999999999999999"),
          List.of("--timeout", "0"),
          List.of("--timeout", "-1"),
          List.of("--timeout="),
          List.of("--silent", "2"),
          List.of("--silent="),
          List.of("--key", "k"),
          List.of("--api-key", "k\u00e9"),
          List.of("--url="),
          List.of("--url=http://"),
          List.of("--url=http:///push"),
          List.of("--url=ftp://127.0.0.1/push"),
          List.of("--url=http://127.0.0.1/\"push"),
          List.of("--content"),
          List.of("--from-name"));

  static final List<List<String>> WITHOUT_ANSWER =
      List.of(
          List.of("--url=http://127.0.0.1:1/push"),
          List.of("--url=http://no-such-host.invalid:8400/push?x"),
          List.of("--ca-file", "/no/such/file"),
          List.of("--ca-file", "/"));

  @RegisterExtension final Recorder recorder = new Recorder();
  @TempDir private Path directory;

  private Ended script(List<String> arguments) throws Exception {
    return shown(PushScript.in(directory).run(arguments));
  }

  private static Ended java(List<String> arguments) {
    return shown(PushCommandIT.inThisJvm(arguments));
  }

  /** Without what differs from run to run, and how the program was called. */
  private static Ended shown(Ended ended) {
    return new Ended(
        ended.code(),
        ended.out().replaceAll("after \\d+\\.\\d\\d s", "after T"),
        ended.err().replaceAll("(?s)\n(Did you mean|Help: ).*", "\n"));
  }

  @ParameterizedTest
  @FieldSource("SENT")
  void bothSendTheSame(List<String> options) throws Exception {
    List<String> arguments =
        recorder.push(
            Stream.concat(Stream.of("--callid", "c1"), options.stream()).toArray(String[]::new));
    Ended expected = java(arguments);
    Recorder.Request sent = recorder.next();
    assertEquals(expected, script(arguments));
    assertEquals(sent, recorder.next());
    assertEquals(0, expected.code(), expected::err);
  }

  @ParameterizedTest
  @FieldSource("WRONG")
  void bothRefuseTheSameWithTheSameWords(List<String> options) throws Exception {
    List<String> arguments = recorder.push(options.toArray(String[]::new));
    Ended expected = java(arguments);
    assertEquals(2, expected.code());
    assertEquals(expected, script(arguments));
  }

  @ParameterizedTest
  @FieldSource("WITHOUT_ANSWER")
  void bothSayWithTheSameWordsWhyThereIsNoAnswer(List<String> options) throws Exception {
    List<String> arguments = recorder.push(options.toArray(String[]::new));
    Ended expected = java(arguments);
    assertEquals(1, expected.code());
    assertEquals(expected, script(arguments));
  }

  @Test
  void bothMissTheSame() throws Exception {
    assertEquals(java(List.of()), script(List.of()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          200 | {"code":200,"description":"push notification response","data":{"reason":"OK"}}
          200 | {"code": 200, "description": "nothing to cancel", "data": {}}
          200 | hello
          202 | {"code":202,"description":"accepted for delivery","data":{}}
          204 | {}
          400 | {"code":400,"description":"Field 'badge' must be 0 or more, not \\"x\\"","data":""}
          400 | {"code":400,"description":"push notification response","data":{"body":{"reason":"no"},"code":400,"reason":"BadTopic"}}
          401 | {"code":401,"description":"An API key is needed","data":""}
          403 | {"code":403,"description":"access denied by access list","data":{}}
          404 | {"code":404,"description":"There is nothing under this path","data":""}
          404 | <html>not "description": "here"</html>
          410 | {"code":410,"description":"push notification response","data":{"reason":"Unregistered"}}
          410 | {"code":410,"description":"push notification response","data":{"reason":null}}
          429 | {"code":429,"description":"Too many requests","data":""}
          503 | {"code":503,"description":"caf\u00e9 \\u00e9\\u20ac\\u001b[2J \\\\ \\/","data":""}
          504 | {"code":504,"description":"the push expired before the push service took it","data":{"reason":"x"}}
          500 | []
          """)
  void bothTellAnAnswerWithTheSameWords(int status, String body) throws Exception {
    recorder.status = status;
    recorder.body = body;
    for (String json : List.of("--json", "--reason=r")) {
      List<String> arguments = recorder.push("--callid", "c1", json);
      assertEquals(java(arguments), script(arguments));
    }
  }
}
