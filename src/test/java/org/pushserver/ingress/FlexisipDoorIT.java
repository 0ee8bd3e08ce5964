// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.api.SampleRequest;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.ForeignDoor;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;

/** Flexisip's external push, as its generic client sends it. */
@Timeout(60)
class FlexisipDoorIT {
  private static final String CALL =
      "/flexisip?type=apple&app=com.example.phone.voip.prod&token="
          + SampleRequest.APPLE_TOKEN
          + "&event=call&callid=k3-vtz&from=sip%3Aalice%40example.com&name=Zo%C3%AB%20%26%20Co"
          + "&to=sip%3Abob%40example.com&uid=%22%3Curn%3Auuid%3A1b-2c%3E%22&msgid=IC_MSG&sound=";

  private static final String MESSAGE =
      "/flexisip?type=firebase&app=com.example.phone&token="
          + SampleRequest.FCM_TOKEN.replace(":", "%3A")
          + "&event=message&callid=m-1&from=&name=&to=sip%3Abob%40example.com";

  @RegisterExtension private final ForeignSender flexisip = ForeignSender.at(ForeignDoor.FLEXISIP);

  private RawClient.Answer ask(String method, String path) throws IOException {
    return flexisip.exchange(
        method + " " + path + " HTTP/1.1\r\nHost: push.example.com\r\nContent-Length: 0\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void aCallRingsThePhone(String method) throws IOException {
    assertEquals(200, ask(method, CALL).status());
    Push push = flexisip.push();
    assertEquals(new AppKey("com.example.phone", AppKey.APPLE), push.app());
    assertEquals(SampleRequest.APPLE_TOKEN, push.device().token());
    assertEquals("1b-2c", push.device().id());
    assertEquals(Event.INCOMING_SESSION, push.event());
    assertEquals("k3-vtz", push.callId());
    assertEquals("sip:alice@example.com", push.details().from());
    assertEquals("Zoë & Co", push.details().fromDisplayName());
    assertEquals("sip:bob@example.com", push.details().to());
    assertEquals("audio", push.details().mediaType());
  }

  /** It sends a stray line break behind the body, before its next request. */
  @Test
  void aMessageBringsItsText() throws IOException {
    String request =
        "GET "
            + MESSAGE
            + " HTTP/1.1\r\nHost: push.example.com\r\nContent-Type: text/plain\r\n"
            + "Content-Length: 5\r\n\r\nHello\r\n";
    assertEquals(200, flexisip.exchange(request).status());
    Push push = flexisip.push();
    assertEquals(Event.MESSAGE, push.event());
    assertEquals(new AppKey("com.example.phone", AppKey.FIREBASE), push.app());
    assertEquals(SampleRequest.FCM_TOKEN, push.device().token());
    assertEquals("Hello", push.details().content());
    assertEquals("text/plain", push.details().contentType());
    assertEquals("", push.details().from());
    assertEquals(200, ask("GET", MESSAGE).status());
    assertNull(flexisip.pushes().get(1).details().content());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "com.example.phone.voip.prod",
        "com.example.phone.voip.dev",
        "com.example.phone.prod",
        "com.example.phone.dev",
        "com.example.phone.remote.prod",
        "com.example.phone.voip%26remote.dev",
        "com.example.phone"
      })
  void theApplicationIsWhatIsLeftOfItsName(String name) throws IOException {
    String path = CALL.replace("com.example.phone.voip.prod", name);
    assertEquals(200, ask("GET", path).status());
    assertEquals("com.example.phone", flexisip.push().app().appId());
  }

  @Test
  void aBuildThatIsNotFromTheStoreHasASectionOfItsOwnIfThereIsOne() throws IOException {
    String call = CALL.replace(".prod", ".dev");
    assertEquals(200, ask("GET", call).status());
    flexisip.door.dispatcher.with(
        "com.example.phone.dev", AppKey.APPLE, ScriptedDispatcher.Type.SYLK);
    assertEquals(200, ask("GET", call).status());
    assertEquals(
        List.of("com.example.phone", "com.example.phone.dev"),
        flexisip.pushes().stream().map(push -> push.app().appId()).toList());
  }

  /** Apple refuses a VoIP push to a token that is not for them. */
  @ParameterizedTest
  @CsvSource({
    "com.example.phone.voip.prod, false",
    "com.example.phone.voip, false",
    "com.example.phone.prod, true"
  })
  void aCallWithoutVoipInTheNameIsForARemoteToken(String name, boolean remote) throws IOException {
    assertEquals(200, ask("GET", CALL.replace("com.example.phone.voip.prod", name)).status());
    assertEquals(remote, flexisip.push().device().withoutVoip());
  }

  @ParameterizedTest
  @CsvSource({
    "DELIVERED, 200, 200",
    "SUPERSEDED, 409, 200",
    "DEAD_TOKEN, 410, 410",
    "REFUSED, 400, 400",
    "EXPIRED, 503, 504",
    "OVERLOADED, 503, 503",
    "ABANDONED, 503, 503"
  })
  void onlySuccessIs200(Outcome.Result result, int code, int status) throws IOException {
    flexisip.pushesEnd(ForeignSender.ended(result, code, "why"));
    assertEquals(status, ask("GET", CALL).status());
  }

  @ParameterizedTest
  @ValueSource(strings = {"type", "app", "token", "event"})
  void aQueryWithoutOneOfTheFourIsWrong(String name) throws IOException {
    RawClient.Answer answer = ask("GET", CALL.replace(name + "=", "x" + name + "="));
    assertEquals(400, answer.status());
    assertTrue(answer.body().contains("'" + name + "' is missing"));
    assertTrue(flexisip.pushes().isEmpty());
  }

  @Test
  void anotherEventIsWrong() throws IOException {
    assertEquals(400, ask("GET", CALL.replace("event=call", "event=%24event")).status());
  }

  @Test
  void anUnknownApplicationIsNotFound() throws IOException {
    assertEquals(404, ask("GET", CALL.replace("example.phone", "example.none")).status());
  }

  @Test
  void aLookAtThePathIsNoCall() throws IOException {
    RawClient.Answer answer;
    try (RawClient client = new RawClient(flexisip.door.port())) {
      client.send("HEAD " + CALL + " HTTP/1.1\r\nHost: push.example.com\r\n\r\n");
      answer = client.receiveHead();
    }
    assertEquals(405, answer.status());
    assertTrue(flexisip.pushes().isEmpty());
  }

  /** Its way by default, and the reason why the server must have a certificate. */
  @Test
  void overHttp2ItAsksWithGetAndWithoutContent() throws Exception {
    IngressTls authority = IngressTls.create();
    Vertx vertx = Vertx.vertx();
    try (TestIngress door =
        TestIngress.open(
            ScriptedDispatcher.withSamples(),
            ForeignSender.secure(
                IngressTls.tls(authority.certify("push.example.com")), ForeignDoor.FLEXISIP))) {
      HttpClient client =
          vertx.createHttpClient(
              new HttpClientOptions()
                  .setProtocolVersion(HttpVersion.HTTP_2)
                  .setUseAlpn(true)
                  .setSsl(true)
                  .setTrustAll(true)
                  .setVerifyHost(false));
      assertEquals(200, status(client, door, CALL, ""));
      assertEquals(200, status(client, door, MESSAGE, "Hello"));
      assertEquals(Event.INCOMING_SESSION, door.dispatcher.pushes().get(0).event());
      assertEquals("Hello", door.dispatcher.pushes().get(1).details().content());
    } finally {
      await(vertx.close());
    }
  }

  private static int status(HttpClient client, TestIngress door, String path, String text) {
    return await(
        client
            .request(
                new RequestOptions()
                    .setMethod(HttpMethod.GET)
                    .setHost("127.0.0.1")
                    .setPort(door.port())
                    .setURI(path))
            .compose(
                request -> {
                  assertEquals(HttpVersion.HTTP_2, request.version());
                  return request
                      .putHeader("content-type", "text/plain")
                      .putHeader("content-length", Integer.toString(text.length()))
                      .send(Buffer.buffer(text));
                })
            .map(response -> response.statusCode()));
  }
}
