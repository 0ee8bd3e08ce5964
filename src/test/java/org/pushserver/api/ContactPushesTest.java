// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pushserver.config.ApiKey;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;

/** Requests that name contacts: one push for each of their devices. */
class ContactPushesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String ANDROID =
      "<sip:bob@192.0.2.10;pn-provider=fcm;pn-param=com.example.phone;pn-prid=cXf3:APA91b%s;"
          + "pn-silent=0>;+sip.instance=\"<urn:uuid:1111>\"";
  private static final String IPHONE =
      "<sip:bob@192.0.2.10;pn-type=ios;app-id=com.example.phone;pn-tok=6688ff9c-71a883fe;"
          + "pn-device=AA-BB-CC>";
  private static final String DESK = "<sip:bob@192.0.2.10:5068;rinstance=0a1b2c3d;transport=tls>";

  private static final String CALL =
      "\"call-id\": \"1@x\", \"from\": \"sip:alice@example.com\", \"to\": \"sip:bob@example.com\","
          + " \"event\": \"incoming_session\", \"media-type\": \"audio\"";

  private final ScriptedDispatcher dispatcher = ScriptedDispatcher.withSamples();
  private final PushApi api = new PushApi(dispatcher, new ManualTime());

  private static String android(int number) {
    return ANDROID.formatted(number);
  }

  /** Each contact with the ref u1, u2 … */
  private static String request(String more, String... contacts) throws IOException {
    List<Map<String, String>> all = new ArrayList<>();
    for (String contact : contacts) {
      all.add(Map.of("contact", contact, "ref", "u" + (all.size() + 1)));
    }
    return "{" + CALL + more + ", \"contacts\": " + JSON.writeValueAsString(all) + "}";
  }

  private ApiResponse answer(IncomingPush asked) {
    Future<ApiResponse> answer = api.push(asked);
    assertTrue(answer.isComplete());
    return answer.result();
  }

  private JsonNode push(String request) throws IOException {
    ApiResponse answer = answer(new AskedPush(request));
    JsonNode json = JSON.readTree(answer.body().getBytes());
    assertEquals(answer.status(), json.path("code").intValue());
    return json;
  }

  /** Ends the pushes to tokens that end so with this status. */
  private void refuse(Map<String, Integer> statuses) {
    dispatcher.deliverWith(
        push ->
            Future.succeededFuture(
                statuses.entrySet().stream()
                    .filter(entry -> push.device().token().endsWith(entry.getKey()))
                    .findFirst()
                    .map(entry -> refused(entry.getValue()))
                    .orElse(ScriptedDispatcher.DELIVERED)));
  }

  private static Outcome refused(int status) {
    Outcome.Result result = status == 410 ? Outcome.Result.DEAD_TOKEN : Outcome.Result.REFUSED;
    return new Outcome(result, new Response(status, "Reason" + status, "", "{}"), 1);
  }

  @Test
  void eachDeviceIsOnePush() throws IOException {
    JsonNode answer = push(request("", android(1), DESK, IPHONE));
    assertEquals(
        JSON.readTree(
            """
            {"code":200,"description":"2 of 2 pushed","data":{"sent":2,"gone":[],"devices":[
              {"ref":"u1","code":200,"platform":"firebase","app-id":"com.example.phone"},
              {"ref":"u2","code":404,"reason":"the contact has no push parameters"},
              {"ref":"u3","code":200,"platform":"apple","app-id":"com.example.phone"}]}}
            """),
        answer);
    Push first = dispatcher.pushes().get(0);
    assertEquals("cXf3:APA91b1", first.device().token());
    assertEquals("1111", first.device().id());
    assertFalse(first.details().silent());
    assertEquals("1@x", first.callId());
    Push second = dispatcher.pushes().get(1);
    assertEquals("6688ff9c", second.device().token());
    assertEquals("AA-BB-CC", second.device().id());
    assertTrue(second.details().silent());
    assertEquals(2, dispatcher.pushes().size());
  }

  @Test
  void theApplicationIsFoundByWhatPhonesCallIt() throws IOException {
    dispatcher
        .alias("929724111839", "org.example.lin", AppKey.FIREBASE)
        .with("org.example.lin.dev", AppKey.APPLE, ScriptedDispatcher.Type.LINPHONE);
    JsonNode answer =
        push(
            request(
                "",
                "<sip:b@h;pn-provider=fcm;pn-param=929724111839;pn-prid=a:b>",
                "<sip:b@h;pn-provider=APNS;pn-param=ABCD1234.org.example.lin.voip&remote;"
                    + "pn-prid=AA11:voip&DD44:remote>",
                "<sip:b@h;pn-provider=apns.dev;pn-param=ABCD1234.org.example.lin.remote;"
                    + "pn-prid=DD55:remote>"));
    assertEquals("3 of 3 pushed", answer.path("description").textValue());
    assertEquals(
        List.of("org.example.lin/firebase", "org.example.lin/apple", "org.example.lin.dev/apple"),
        dispatcher.pushes().stream().map(push -> push.app().toString()).toList());
    assertEquals("AA11", dispatcher.pushes().get(1).device().token());
    assertFalse(dispatcher.pushes().get(1).device().withoutVoip());
    assertEquals("DD55", dispatcher.pushes().get(2).device().token());
    assertTrue(dispatcher.pushes().get(2).device().withoutVoip());
  }

  @Test
  void whatTheRequestSaysOfSilenceCounts() throws IOException {
    assertEquals(200, push(request(", \"silent\": true", android(1))).path("code").intValue());
    assertTrue(dispatcher.pushes().get(0).details().silent());
  }

  @Test
  void theDeadAreNamed() throws IOException {
    refuse(Map.of("b2", 410));
    JsonNode answer = push(request("", android(1), android(2)));
    assertEquals(200, answer.path("code").intValue());
    assertEquals("1 of 2 pushed", answer.path("description").textValue());
    assertEquals(JSON.readTree("[\"u2\"]"), answer.at("/data/gone"));
    assertEquals("Reason410", answer.at("/data/devices/1/reason").textValue());
  }

  @Test
  void whenAllAreDeadSoIsTheRequest() throws IOException {
    refuse(Map.of("b1", 410, "b2", 410));
    JsonNode answer = push(request("", android(1), DESK, android(2)));
    assertEquals(410, answer.path("code").intValue());
    assertEquals("0 of 2 pushed", answer.path("description").textValue());
    assertEquals(JSON.readTree("[\"u1\",\"u3\"]"), answer.at("/data/gone"));
  }

  @Test
  void whenSomeAreDeadTheOthersSayWhatCameOfTheRequest() throws IOException {
    refuse(Map.of("b1", 410, "b2", 400, "b3", 403));
    assertEquals(
        403, push(request("", android(1), android(2), android(3))).path("code").intValue());
    assertEquals(400, push(request("", android(1), android(2))).path("code").intValue());
  }

  @Test
  void anOverloadedServerSaysWhenToComeAgain() {
    dispatcher.deliverWith(
        push ->
            Future.succeededFuture(
                new Outcome(
                    Outcome.Result.OVERLOADED, new Response(503, "queue full", "", "{}"), 0)));
    String contact =
        DESK.replace(";rinstance", ";pn-provider=fcm;pn-param=com.example.phone;pn-prid=x;rinst");
    ApiResponse answer = answer(new AskedPush("{" + CALL + ", \"contact\": \"" + contact + "\"}"));
    assertEquals(503, answer.status());
    assertEquals(1, answer.retryAfter());
  }

  @Test
  void withoutPushParametersThereIsNobodyToCall() throws IOException {
    JsonNode answer = push(request("", DESK, DESK));
    assertEquals(404, answer.path("code").intValue());
    assertEquals("no contact has push parameters", answer.path("description").textValue());
    assertEquals(0, answer.at("/data/sent").intValue());
    assertEquals(0, dispatcher.pushes().size());
  }

  @Test
  void aWrongContactStopsNoOther() throws IOException {
    JsonNode answer =
        push(
            request(
                "",
                "<sip:bob;pn-provider=fcm;pn-prid=%zz>",
                "\"unclosed",
                android(1).replace("com.example.phone", "com.example.unknown"),
                android(2)));
    assertEquals(200, answer.path("code").intValue());
    assertEquals("1 of 4 pushed", answer.path("description").textValue());
    assertEquals(400, answer.at("/data/devices/0/code").intValue());
    assertEquals(400, answer.at("/data/devices/1/code").intValue());
    assertEquals(404, answer.at("/data/devices/2/code").intValue());
    assertEquals("com.example.unknown", answer.at("/data/devices/2/app-id").textValue());
  }

  @Test
  void codeThatIsNotOursAndThrowsForOneDeviceStopsNoOther() throws IOException {
    dispatcher.deliverWith(
        push -> {
          if (push.device().token().endsWith("1")) {
            throw new IllegalStateException("a plugin failed");
          }
          return push.device().token().endsWith("2")
              ? Future.failedFuture(new IllegalStateException("a plugin failed"))
              : Future.succeededFuture(ScriptedDispatcher.DELIVERED);
        });
    JsonNode answer = push(request("", android(1), android(2), android(3)));
    assertEquals(200, answer.path("code").intValue());
    assertEquals("1 of 3 pushed", answer.path("description").textValue());
    assertEquals(500, answer.at("/data/devices/0/code").intValue());
    assertEquals(500, answer.at("/data/devices/1/code").intValue());
    assertEquals(200, answer.at("/data/devices/2/code").intValue());
  }

  @Test
  void whatIsWrongWithAllOfThemIsWrongWithTheRequest() throws IOException {
    String request = request("", android(1), android(2)).replace("\"from\"", "\"form\"");
    JsonNode answer = push(request);
    assertEquals(400, answer.path("code").intValue());
    assertEquals("Field 'from' required", answer.path("description").textValue());
    assertEquals(2, answer.at("/data/devices").size());
  }

  @Test
  void aContactWhoseApplicationIsNoneGoesToThatOfTheRequest() throws IOException {
    String number = android(1).replace("com.example.phone", "929724111839");
    assertEquals(404, push(request("", number)).path("code").intValue());
    JsonNode answer = push(request(", \"app-id\": \"com.example.phone\"", number));
    assertEquals("com.example.phone", answer.at("/data/devices/0/app-id").textValue());
    assertEquals(200, answer.path("code").intValue());
  }

  @Test
  void aKeyOpensItsApplicationsAlone() throws IOException {
    AppKey mine = new AppKey("com.example.phone", AppKey.APPLE);
    ApiKey key = new ApiKey("pbx", "00".repeat(32), false, Set.of(), Set.of(mine));
    AskedPush asked =
        new AskedPush(request("", android(1), IPHONE), new Caller("192.0.2.1", key), true);
    JsonNode answer = JSON.readTree(answer(asked).body().getBytes());
    assertEquals(200, answer.path("code").intValue());
    assertEquals(403, answer.at("/data/devices/0/code").intValue());
    assertEquals(200, answer.at("/data/devices/1/code").intValue());
    assertEquals(AppKey.APPLE, dispatcher.pushes().get(0).app().platform());
  }

  @Test
  void theAnswerWaitsForTheLast() throws IOException {
    Promise<Outcome> slow = Promise.promise();
    dispatcher.deliverWith(
        push ->
            push.device().token().endsWith("b1")
                ? slow.future()
                : Future.succeededFuture(ScriptedDispatcher.DELIVERED));
    Future<ApiResponse> answer = api.push(new AskedPush(request("", android(1), android(2))));
    assertEquals(2, dispatcher.pushes().size());
    assertFalse(answer.isComplete());
    slow.complete(refused(410));
    assertEquals(200, answer.result().status());
  }

  @Test
  void whoDoesNotWaitIsToldHowManyWereAccepted() throws IOException {
    AskedPush asked =
        new AskedPush(request("", android(1), android(2)), SampleRequest.CALLER, false);
    JsonNode answer = JSON.readTree(answer(asked).body().getBytes());
    assertEquals(202, answer.path("code").intValue());
    assertEquals("2 of 2 accepted for delivery", answer.path("description").textValue());
    assertEquals(202, answer.at("/data/devices/1/code").intValue());
  }

  @Test
  void theNumberOfDevicesIsBounded() throws IOException {
    String[] many = new String[17];
    for (int i = 0; i < many.length; i++) {
      many[i] = i < 16 ? android(i) : DESK;
    }
    String tooMany = request("", many);
    RequestRefused refusal =
        assertThrows(RequestRefused.class, () -> answer(new AskedPush(tooMany)));
    assertEquals("The request names 17 devices; at most 16 are allowed", refusal.description());
    assertEquals(0, dispatcher.pushes().size());
    String sixteen = String.join(", ", Arrays.asList(many).subList(0, 16));
    assertEquals("16 of 16 pushed", push(request("", sixteen)).path("description").textValue());
  }

  @Test
  void contactsMayBeTexts() throws IOException {
    String texts = JSON.writeValueAsString(List.of(android(1), android(2)));
    JsonNode answer = push("{" + CALL + ", \"contacts\": " + texts + "}");
    assertEquals(200, answer.path("code").intValue());
    assertFalse(answer.at("/data/devices/0").has("ref"));
  }

  @Test
  void contactsAreToldWhatTheyMustBe() {
    for (String wrong : List.of("5", "{}", "\"x\"", "[1]", "[{}]", "[[]]", "[{\"ref\": \"x\"}]")) {
      AskedPush asked = new AskedPush("{" + CALL + ", \"contacts\": " + wrong + "}");
      RequestRefused refusal = assertThrows(RequestRefused.class, () -> answer(asked));
      assertTrue(refusal.description().startsWith("Field 'contacts' must"), wrong);
    }
    AskedPush ref =
        new AskedPush("{" + CALL + ", \"contacts\": [{\"contact\": \"x\", \"ref\": []}]}");
    assertEquals(
        "Field 'ref' must be a string",
        assertThrows(RequestRefused.class, () -> answer(ref)).description());
  }

  @Test
  void aRequestWithATokenIsOneForThatWhateverElseItNames() throws IOException {
    for (String more : List.of("\"contacts\": 5", "\"contact\": {}", "\"ref\": \"x\"")) {
      String request =
          SampleRequest.apple().toString().replace("{\"app-id\"", "{" + more + ", \"app-id\"");
      JsonNode answer = push(request);
      assertEquals(200, answer.path("code").intValue());
      assertEquals("push notification response", answer.path("description").textValue());
    }
  }

  @Test
  void aScriptIsToldOnOneLine() {
    refuse(Map.of("b2", 410, "b3", 410));
    String form =
        "answer=form&call-id=1@x&media-type=audio&from=a&to=b&event=incoming_session"
            + form("uloc-1", android(1))
            + form("uloc 2+", android(2))
            + form("bob;@3f", android(3));
    ApiResponse answer = answer(asForm(form));
    assertEquals(
        "code=200&sent=1&gone=uloc%202%2B+bob%3B%403f&description=1+of+3+pushed",
        answer.body().toString());
    assertEquals("application/x-www-form-urlencoded", answer.type());
  }

  @Test
  void aScriptIsToldWhyNothingWasSent() {
    refuse(Map.of("b1", 400));
    String begin = "answer=form&call-id=1@x&media-type=audio&from=a&to=b&event=incoming_session";
    assertEquals(
        "code=400&sent=0&reason=Reason400&description=0+of+1+pushed",
        answer(asForm(begin + form("u1", android(1)))).body().toString());
    assertEquals(
        "code=404&sent=0&description=no+contact+has+push+parameters",
        answer(asForm(begin + form("u1", DESK))).body().toString());
  }

  private static String form(String ref, String contact) {
    return "&ref="
        + URLEncoder.encode(ref, UTF_8)
        + "&contact="
        + URLEncoder.encode(contact, UTF_8);
  }

  private static IncomingPush asForm(String body) {
    return new OverHttp(new AskedPush(body));
  }

  /** A request whose sender may ask for a form. */
  private record OverHttp(AskedPush push) implements IncomingPush {
    @Override
    public void refusedInPart(RequestRefused refusal) {
      push.refusedInPart(refusal);
    }

    @Override
    public byte[] body() {
      return push.body();
    }

    @Override
    public Iterable<Map.Entry<String, String>> headers() {
      return push.headers();
    }

    @Override
    public Caller caller() {
      return push.caller();
    }

    @Override
    public Policy policy() {
      return push.policy();
    }

    @Override
    public boolean waits() {
      return push.waits();
    }

    @Override
    public boolean wantsForm(boolean asked) {
      return asked;
    }
  }
}
