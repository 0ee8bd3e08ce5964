// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import java.io.IOException;
import java.net.URLEncoder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.api.SampleRequest;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.Access;
import org.pushserver.config.AddressList;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.Limits;
import org.pushserver.fake.LogTrail;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;

/** Requests as the scripts of PBXs send them, and the answers that these can read. */
@Timeout(60)
class FormIngressIT {
  private static final String FORM_TYPE = "Content-Type: application/x-www-form-urlencoded\r\n";

  private static final String TOKEN = SampleRequest.FCM_TOKEN;
  private static final String NAME = "Zoë \"Z\" O'Neil & Sons";

  /** What each of them says, before it encodes a thing. */
  private static final String PLAIN =
      "app-id=com.example.phone&platform=firebase&event=incoming_session&media-type=audio"
          + "&call-id=1-2@192.0.2.1";

  @RegisterExtension
  private final TestIngress door = TestIngress.open(ScriptedDispatcher.withSamples());

  private RawClient client;

  @BeforeEach
  void connect() throws IOException {
    client = new RawClient(door.port());
  }

  @AfterEach
  void disconnect() throws IOException {
    client.close();
  }

  private static TestIngress withGet() {
    return TestIngress.open(
        ScriptedDispatcher.withSamples(),
        TestIngress.settings(
            null,
            true,
            new Access(AddressList.ALL, AddressList.NONE, ApiKeys.OPEN, true),
            Limits.DEFAULT));
  }

  /** As curl's URIENCODE in Asterisk, {@code {s.urlencode.param}}, {@code {rest.escape}} do it. */
  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  private static String form(String name) {
    return PLAIN
        + "&token="
        + encoded(TOKEN)
        + "&from="
        + encoded("sip:alice@example.com")
        + "&from-display-name="
        + name
        + "&to="
        + encoded("sip:bob@example.com");
  }

  private RawClient.Answer post(String headers, String body) throws IOException {
    return post("/push", headers, body);
  }

  private RawClient.Answer post(String target, String headers, String body) throws IOException {
    String bytes = new String(body.getBytes(UTF_8), ISO_8859_1);
    client.send(
        "POST "
            + target
            + " HTTP/1.1\r\nHost: 127.0.0.1:8400\r\n"
            + headers
            + "Content-Length: "
            + bytes.length()
            + "\r\n\r\n"
            + bytes);
    return client.receive();
  }

  private void assertRang(RawClient.Answer answer, String name) {
    assertEquals(200, answer.status(), answer::body);
    Push push = door.dispatcher.pushes().get(0);
    assertEquals(1, door.dispatcher.pushes().size());
    assertEquals("com.example.phone/firebase", push.app().toString());
    assertEquals(TOKEN, push.device().token());
    assertEquals("1-2@192.0.2.1", push.callId());
    assertEquals("sip:alice@example.com", push.details().from());
    assertEquals("sip:bob@example.com", push.details().to());
    assertEquals(name, push.details().fromDisplayName());
    assertEquals("audio", push.details().mediaType());
  }

  @Test
  void asteriskPostsAForm() throws IOException {
    String headers = "User-Agent: asterisk-libcurl-agent/1.0\r\nAccept: */*\r\n" + FORM_TYPE;
    RawClient.Answer answer = post(headers, "answer=form&" + form(encoded(NAME)));
    assertRang(answer, NAME);
    assertEquals("application/x-www-form-urlencoded", answer.headers().get("content-type"));
    assertEquals("code=200&sent=1&description=push+notification+response", answer.body());
  }

  @Test
  void asteriskPostsJsonAsAForm() throws IOException {
    String headers = "User-Agent: asterisk-libcurl-agent/1.0\r\nAccept: */*\r\n" + FORM_TYPE;
    RawClient.Answer answer = post(headers, SampleRequest.apple().toString());
    assertEquals(200, answer.status());
    assertTrue(answer.body().startsWith("{\"code\":200,"));
  }

  @Test
  void freeSwitchPostsWhatItHasDecodedOnce() throws IOException {
    String headers = "User-Agent: freeswitch-curl/1.0\r\nAccept: */*\r\n" + FORM_TYPE;
    // Encoded once the name loses what is behind its &, and yet the phone rings; twice it is whole.
    assertRang(post(headers, form(NAME)), "Zoë \"Z\" O'Neil ");
    RawClient.Answer twice = post(headers, form(encoded(NAME)));
    assertEquals(200, twice.status());
    assertEquals(NAME, door.dispatcher.pushes().get(1).details().fromDisplayName());
  }

  @Test
  void freeSwitchPostsAnEmptyBodyAndAQuery() throws IOException {
    String headers =
        "User-Agent: freeswitch-curl/1.0\r\nAccept: */*\r\nX-Api-Key: unused\r\n" + FORM_TYPE;
    assertRang(post("/push?" + form(encoded(NAME)), headers, ""), NAME);
  }

  @Test
  void kamailioPostsAForm() throws IOException {
    String headers = "User-Agent: kamailio (5.6.3 (x86_64/linux))\r\nAccept: */*\r\n" + FORM_TYPE;
    // It writes hexadecimal digits in lower case.
    String body = form("Zo%c3%ab%20%22Z%22%20O%27Neil%20%26%20Sons");
    RawClient.Answer answer = post(headers, "answer=form&" + body);
    assertRang(answer, NAME);
    // It hands over the first line of an answer only.
    assertFalse(answer.body().contains("\n"));
  }

  @Test
  void openSipsPostsAFormWithoutSayingSo() throws IOException {
    assertRang(post("Accept: */*\r\n", form(encoded(NAME))), NAME);
  }

  @Test
  void openSipsPostsJsonWithBlanks() throws IOException {
    String headers = "Accept: */*\r\nContent-Type: application/json\r\n";
    String body =
        "{ \"call_id\": \"1-2@192.0.2.1\", \"app_id\": \"com.example.phone\","
            + " \"platform\": \"fcm\", \"token\": \"%s\", \"media_type\": \"audio\","
            + " \"event\": \"incoming_session\", \"from\": \"sip:alice@example.com\","
            + " \"from_display_name\": \"Zoë\", \"to\": \"sip:bob@example.com\" }";
    assertRang(post(headers, body.formatted(TOKEN)), "Zoë");
  }

  private static String contact(String app, String token) {
    return "<sip:bob@192.0.2.10:46502;pn-prid="
        + token
        + ";pn-provider=fcm;pn-param="
        + app
        + ";pn-silent=1;transport=tls>;+sip.instance=\"<urn:uuid:11111111>\"";
  }

  @Test
  void asteriskNamesContactsByTheirIds() throws IOException {
    door.dispatcher.deliverWith(
        push ->
            Future.succeededFuture(
                push.device().token().equals("t2:gone")
                    ? new Outcome(
                        Outcome.Result.DEAD_TOKEN, new Response(410, "Unregistered", "", "{}"), 1)
                    : ScriptedDispatcher.DELIVERED));
    String headers = "User-Agent: asterisk-libcurl-agent/1.0\r\nAccept: */*\r\n" + FORM_TYPE;
    String body =
        "answer=form&call-id=1-2%40192.0.2.1&media-type=audio&from=alice"
            + "&from-display-name="
            + encoded(NAME)
            + "&to=bob&ref="
            + encoded("bob;@8b1c")
            + "&contact="
            + encoded(contact("com.example.phone", "t1:x"))
            + "&ref="
            + encoded("bob;@77aa")
            + "&contact="
            + encoded(contact("com.example.phone", "t2:gone"));
    RawClient.Answer answer = post(headers, body);
    assertEquals(200, answer.status());
    assertEquals("code=200&sent=1&gone=bob%3B%4077aa&description=1+of+2+pushed", answer.body());
    assertEquals("1-2@192.0.2.1", door.dispatcher.pushes().get(1).callId());
  }

  @Test
  void kamailioNamesContactsByTheirRuids() throws IOException {
    // {s.urlencode.param} of Kamailio 5.6: hexadecimal digits in lower case.
    String contact =
        encoded(contact("com.example.phone", "t1:x")).replace("%3B", "%3b").replace("%3D", "%3d");
    String headers = "User-Agent: kamailio (5.6.3 (x86_64/linux))\r\nAccept: */*\r\n" + FORM_TYPE;
    String body =
        "answer=form&call-id=1-2%40192.0.2.1&from=alice@example.com&from-display-name="
            + "Zo%c3%ab&to=bob@example.com&media-type=audio"
            + "&ref=uloc-67-1&contact="
            + contact;
    RawClient.Answer answer = post(headers, body);
    assertEquals("code=200&sent=1&description=1+of+1+pushed", answer.body());
    assertEquals("Zoë", door.dispatcher.pushes().get(0).details().fromDisplayName());
  }

  @Test
  void openSipsNamesOneContact() throws IOException {
    String body =
        "answer=form&media-type=audio&call-id=1-2%40192.0.2.1"
            + "&from=alice@example.com&to=bob@example.com&contact="
            + encoded(
                "sip:bob@192.0.2.10:46502;pn-prid=t1:x;pn-provider=fcm;pn-param=com.example.phone");
    assertEquals(200, post("Accept: */*\r\n", body).status());
    assertEquals("t1:x", door.dispatcher.pushes().get(0).device().token());
  }

  /** The script of OpenSIPS 3.0 writes each octet as two digits; 3.6.8 sent this with it. */
  @Test
  void openSipsOfOldEncodesEveryOctet() throws IOException {
    String body =
        "answer=form&wait=3&ttl=15&event=incoming_session&media-type=audio"
            + "&call-id=%31%2d%32%34%39%32%35%40%31%32%37%2e%30%2e%30%2e%31"
            + "&from=%73%69%70%3a%61%6c%69%63%65%40%31%32%37%2e%30%2e%30%2e%31%3a%35%30%36%30"
            + "&to=%73%69%70%3a%77%61%6b%65%31%40%31%32%37%2e%30%2e%30%2e%31"
            + "&from-display-name=%41%6c%69%63%65%20%22%41%22%20%4f%27%4e%65%69%6c%20%26%20%53"
            + "%6f%6e%73&contact=%73%69%70%3a%77%61%6b%65%31%40%31%32%37%2e%30%2e%30%2e%31%3a%31"
            + "%36%30%30%31%3b%70%6e%2d%70%72%6f%76%69%64%65%72%3d%66%63%6d%3b%70%6e%2d%70%61%72"
            + "%61%6d%3d%63%6f%6d%2e%65%78%61%6d%70%6c%65%2e%70%68%6f%6e%65%3b%70%6e%2d%70%72%69"
            + "%64%3d%74%6f%6b%31&ref=0";
    RawClient.Answer answer = post("Accept: */*\r\n", body);
    assertEquals("code=200&sent=1&description=1+of+1+pushed", answer.body());
    Push push = door.dispatcher.pushes().get(0);
    assertEquals("tok1", push.device().token());
    assertEquals("1-24925@127.0.0.1", push.callId());
    assertEquals("Alice \"A\" O'Neil & Sons", push.details().fromDisplayName());
  }

  @Test
  void asteriskAndFlexisipAskWithGet() throws IOException {
    try (TestIngress open = withGet();
        RawClient caller = new RawClient(open.port())) {
      caller.send(
          "GET /push?answer=form&"
              + form(encoded(NAME))
              + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUser-Agent: asterisk-libcurl-agent/1.0\r\n"
              + "Accept: */*\r\n\r\n");
      RawClient.Answer answer = caller.receive();
      assertEquals("code=200&sent=1&description=push+notification+response", answer.body());
      assertEquals(NAME, open.dispatcher.pushes().get(0).details().fromDisplayName());
      caller.send("GET /push HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals(400, caller.receive().status());
    }
  }

  @Test
  void getIsNotAllowedUnlessConfigured() throws IOException {
    client.send("GET /push?" + form("x") + " HTTP/1.1\r\nHost: x\r\n\r\n");
    RawClient.Answer answer = client.receive();
    assertEquals(405, answer.status());
    assertEquals("POST", answer.headers().get("allow"));
    assertEquals(0, door.dispatcher.pushes().size());
  }

  @Test
  void headRingsNoPhone() throws IOException {
    try (TestIngress open = withGet();
        RawClient caller = new RawClient(open.port())) {
      caller.send("HEAD /push?" + form("x") + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
      assertEquals(405, caller.receiveHead().status());
      assertEquals(0, open.dispatcher.pushes().size());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"a\": \"", "  {\"a\": \"", "\ufeff{\"a\": \""})
  void whatBeginsWithABraceIsJsonWhateverItsType(String begin) throws IOException {
    String headers = FORM_TYPE;
    RawClient.Answer answer = post(headers, begin + "x=1&y=2\"}");
    assertEquals(400, answer.status());
    assertTrue(answer.body().contains("Field 'app-id' required"), answer::body);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | The body must be a JSON object, not nothing",
        "'\r\n' | The body must be a JSON object, not nothing",
        "[1] | The body must be a JSON object, not an array",
        "\"x\" | The body must be a JSON object, not a string",
        "'x' | The body is neither a JSON object nor a form such as name=value&name=value",
      })
  void whatIsNeitherIsToldSo(String body, String told) throws IOException {
    RawClient.Answer answer = post("", body);
    assertEquals(400, answer.status());
    assertTrue(answer.body().contains(told.replace("\"", "\\\"")), answer::body);
  }

  @Test
  void whatSaysItIsJsonIsToldWhereItIsNot() throws IOException {
    RawClient.Answer answer = post("Content-Type: application/json\r\n", "app-id: x=1");
    assertTrue(answer.body().contains("The body is not valid JSON: line 1"), answer::body);
  }

  @Test
  void aDeadTokenIsToldInOneLine() throws IOException {
    door.dispatcher.deliverWith(
        push ->
            Future.succeededFuture(
                new Outcome(
                    Outcome.Result.DEAD_TOKEN,
                    new Response(410, "Not Found\r\nÜ&=", "https://x", "{}"),
                    1)));
    RawClient.Answer answer =
        post("Accept: application/x-www-form-urlencoded\r\n", SampleRequest.apple().toString());
    assertEquals(410, answer.status());
    assertEquals(
        "code=410&sent=0&reason=Not+Found%0D%0A%C3%9C%26%3D"
            + "&description=push+notification+response",
        answer.body());
  }

  @Test
  void whatIsRefusedIsToldInTheFormThatWasAskedFor() throws IOException {
    RawClient.Answer field = post("", "answer=form&app-id=x");
    assertEquals("code=400&description=Field+%27platform%27+required", field.body());
    assertEquals("application/x-www-form-urlencoded", field.headers().get("content-type"));
    RawClient.Answer json = post("", "{\"answer\": \"form\", \"app-id\": \"x\"}");
    assertEquals(field.body(), json.body());
    RawClient.Answer query = post("/push?answer=form", "", "{");
    assertTrue(query.body().startsWith("code=400&description=The+body+is+not+valid+JSON"));
    RawClient.Answer header =
        post("Accept: text/html, application/x-www-form-urlencoded;q=0.9\r\n", "app-id=x");
    assertEquals(field.body(), header.body());
  }

  @Test
  void whoIsTurnedAwayBeforeTheBodyIsReadCanAskForAFormInTheQuery() throws IOException {
    assertTrue(
        door.apply(
                TestIngress.settings(
                    null,
                    true,
                    new Access(AddressList.ALL, AddressList.NONE, ApiKeys.of(java.util.List.of())),
                    Limits.DEFAULT))
            != null);
    RawClient.Answer answer = post("/push?answer=form", "", form("x"));
    assertEquals(401, answer.status());
    assertTrue(answer.body().startsWith("code=401&description=An+API+key+is+needed"));
  }

  @Test
  void whoDoesNotWaitIsToldThatItWasAccepted() throws IOException {
    try (TestIngress fast =
            TestIngress.open(
                ScriptedDispatcher.withSamples(), TestIngress.settings(false, "127.0.0.1"));
        RawClient caller = new RawClient(fast.port())) {
      byte[] body = ("answer=form&" + form("x")).getBytes(UTF_8);
      RawClient.Answer answer = caller.exchange(RawClient.post("/push", body));
      assertEquals(202, answer.status());
      assertEquals("code=202&sent=1&description=accepted+for+delivery", answer.body());
    }
  }

  @Test
  void theQueryIsInNoLogNotEvenAtDebugLevel() throws IOException {
    try (LogTrail log = new LogTrail("org.pushserver")) {
      assertRang(post("/push?" + form("Secret%20Name"), "", ""), "Secret Name");
      assertEquals(400, post("/push?answer=form&token=hidden-token&from=%zz", "", "").status());
      assertEquals(404, post("/pushes?token=hidden-token", "", "").status());
      client.send("GET /push?token=hidden-token HTTP/1.1\r\nHost: x\r\n\r\n");
      assertEquals(405, client.receive().status());
      String lines = log.lines().toString();
      assertTrue(lines.contains("incoming"), lines);
      assertTrue(lines.contains("path=/push"), lines);
      assertFalse(lines.contains("hidden-token"), lines);
      assertFalse(lines.contains("Secret"), lines);
    }
  }

  @ParameterizedTest
  @CsvSource({"Zo%C3%AB%09Z, Zoë Z", "B%E4r, B�r", "%00, ' '"})
  void aNameInAQueryIsMendedAsWell(String name, String shown) throws IOException {
    assertRang(post("/push?" + form(name), "", ""), shown);
  }

  @Test
  void whatNamesSomethingInAQueryStaysStrict() throws IOException {
    assertEquals(400, post("/push?" + form("x") + "&device-id=%0A", "", "").status());
    assertEquals(400, post("/push?" + form("x") + "&account=%E4", "", "").status());
    assertEquals(0, door.dispatcher.pushes().size());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Zo%C3%AB%09Z", // a TAB
        "Zo%C3%AB%00Z",
        "Zo%C3%AB%0D%0AZ",
        "Zo%C3%AB%7FZ",
      })
  void aControlCharacterInTheNameDoesNotKeepThePhoneFromRinging(String name) throws IOException {
    assertRang(post("", form(name)), name.contains("%0D") ? "Zoë  Z" : "Zoë Z");
  }

  @ParameterizedTest
  @ValueSource(strings = {"B%E4r", "B\u00e4r"})
  void latin1InTheNameDoesNotKeepThePhoneFromRinging(String name) throws IOException {
    byte[] body = form(name).getBytes(ISO_8859_1);
    RawClient.Answer answer = client.exchange(RawClient.post("/push", body));
    assertRang(answer, "B\ufffdr");
  }

  @ParameterizedTest
  @CsvSource({
    "call-id, %09",
    "call-id, %FF",
    "from, %0A",
    "to, %C3",
    "token, %0D%0Ax: y",
    "token, %E4",
    "app-id, %E4",
    "platform, %00",
    "device-id, %01",
    "account, %FE",
    "filetype, %0A",
    "content-type, %0A",
    "event, %0A",
    "media-type, %0A",
  })
  void whatNamesSomethingStaysStrict(String name, String spoilt) throws IOException {
    String body = form("x");
    String other =
        body.contains("&" + name + "=") || body.startsWith(name + "=")
            ? body.replaceFirst("(^|&)" + name + "=", "$1" + name + "=" + spoilt)
            : body + "&" + name + "=" + spoilt;
    RawClient.Answer answer = post("", other);
    assertEquals(400, answer.status(), answer::body);
    assertEquals(0, door.dispatcher.pushes().size());
  }
}
