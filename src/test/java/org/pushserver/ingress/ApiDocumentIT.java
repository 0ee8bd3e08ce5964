// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushserver.api.ApiParts;
import org.pushserver.api.Field;
import org.pushserver.api.LivePolicy;
import org.pushserver.api.SampleRequest;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.audit.DeadTokens;
import org.pushserver.cli.Version;
import org.pushserver.config.Access;
import org.pushserver.config.AddressList;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.ForeignDoors;
import org.pushserver.config.Limits;
import org.pushserver.endpoint.Guard;
import org.pushserver.endpoint.HttpEndpoint;
import org.pushserver.fake.ManualTime;
import org.pushserver.observe.ObservedPages;
import org.pushserver.observe.RequestMeters;
import org.pushserver.search.TrailApi;

/** The document says what the door does. Its answers are judged by it in all the door's tests. */
class ApiDocumentIT {
  @RegisterExtension
  private final TestIngress door = TestIngress.open(ScriptedDispatcher.withSamples());

  private RawClient client;

  @BeforeEach
  void open() throws IOException {
    client = new RawClient(door.port());
  }

  @AfterEach
  void close() throws IOException {
    client.close();
  }

  private RawClient.Answer get(String path) throws IOException {
    client.send("GET " + path + " HTTP/1.1\r\nHost: door\r\n\r\n");
    return client.receive();
  }

  private int status(String body) throws IOException {
    return client.exchange(RawClient.post("/push", body.getBytes(StandardCharsets.UTF_8))).status();
  }

  private static JsonObject properties() {
    return new JsonObject(ApiContract.text())
        .getJsonObject("components")
        .getJsonObject("schemas")
        .getJsonObject("Push")
        .getJsonObject("properties");
  }

  @Test
  void itIsThereForTools() throws IOException {
    RawClient.Answer answer = get("/openapi.json");
    assertEquals(200, answer.status());
    assertEquals("application/json", answer.headers().get("content-type"));
    JsonObject told = new JsonObject(answer.body());
    assertEquals(new JsonObject(ApiContract.text()).fieldNames(), told.fieldNames());
    assertFalse(
        answer.body().replaceAll("\"/[^\" ]*\"", "").matches("(?s).*\\{[a-z_]+}.*"),
        "a name stands where a number belongs");
    assertTrue(answer.body().contains("at most 65536 bytes"));
    assertTrue(answer.body().contains("return_async = yes"));
    assertEquals(3, security(told).size());
  }

  @Test
  void itAndThePageSayWhichVersionThisIs() throws IOException {
    JsonObject info = new JsonObject(get("/openapi.json").body()).getJsonObject("info");
    assertEquals(Version.current(), info.getString("version"));
    // The page shows what it finds there.
    assertTrue(get("/docs").body().contains("\", version \" + api.info.version"));
  }

  private static JsonArray security(JsonObject document) {
    return document
        .getJsonObject("paths")
        .getJsonObject("/push")
        .getJsonObject("post")
        .getJsonArray("security");
  }

  @Test
  void itSaysWhatThisServerHasBeenTold() throws IOException {
    assertTrue(get("/openapi.json").body().contains("at most 65536 bytes"));
    Limits usual = Limits.DEFAULT;
    Limits limits =
        new Limits(
            1000,
            usual.maxHeaders(),
            usual.idleTimeout(),
            usual.maxClients(),
            usual.maxDepth(),
            usual.maxString(),
            usual.maxResets(),
            usual.maxRequests(),
            usual.rate());
    Access keyed = new Access(AddressList.ALL, AddressList.NONE, ApiKeys.of(List.of()));
    assertEquals(List.of(), await(door.apply(TestIngress.settings(null, false, keyed, limits))));
    JsonObject told = new JsonObject(get("/openapi.json").body());
    assertTrue(told.encode().contains("at most 1000 bytes"));
    assertTrue(told.encode().contains("return_async = no"));
    assertFalse(security(told).contains(new JsonObject()));
    assertEquals(2, security(told).size());
  }

  @Test
  void thePageLoadsNothingFromElsewhere() throws IOException {
    RawClient.Answer answer = get("/docs");
    assertEquals(200, answer.status());
    assertEquals("text/html; charset=utf-8", answer.headers().get("content-type"));
    assertTrue(answer.headers().get("content-security-policy").startsWith("default-src 'none'"));
    assertFalse(answer.body().contains("://"));
  }

  /** All but the page for people, which shows the document. */
  static List<HttpEndpoint<ApiRequest>> endpoints() {
    LivePolicy policy = new LivePolicy(TestIngress.settings(true, "127.0.0.1"), new ManualTime());
    RequestMeters meters = new RequestMeters(new SimpleMeterRegistry());
    ConnectionGuards guards =
        new ConnectionGuards(IngressState.of(policy, 1, meters), new ManualTime());
    ErrorResponses errors = new ErrorResponses(guards.access(), meters);
    return ApiEndpoints.of(
            ApiParts.of(ScriptedDispatcher.withSamples(), new ManualTime()),
            guards,
            errors,
            ForeignDoors.SHUT,
            Stream.of(
                    ObservedPages.all(),
                    List.of(DeadTokenPage.of(new DeadTokens(0))),
                    new TrailApi(null, policy, new ManualTime()).endpoints())
                .flatMap(List::stream)
                .toList())
        .list()
        .all()
        .stream()
        .filter(endpoint -> !endpoint.path().equals("/docs"))
        .toList();
  }

  private static JsonObject operation(HttpEndpoint<ApiRequest> endpoint) {
    return new JsonObject(ApiContract.text())
        .getJsonObject("paths")
        .getJsonObject(endpoint.path())
        .getJsonObject(endpoint.method().name().toLowerCase(Locale.ROOT));
  }

  @Test
  void itHasExactlyTheEndpointsOfTheDoor() {
    Set<String> described = new TreeSet<>();
    ApiContract.operations()
        .forEach(
            operation ->
                described.add(operation.getHttpMethod() + " " + operation.getOpenAPIPath()));
    Set<String> there = new TreeSet<>();
    endpoints().forEach(endpoint -> there.add(endpoint.method() + " " + endpoint.path()));
    assertEquals(there, described);
  }

  @ParameterizedTest
  @MethodSource("endpoints")
  void itSaysOfEachEndpointWhatItsGuardRefuses(HttpEndpoint<ApiRequest> endpoint) {
    Guard guard = endpoint.guard();
    JsonObject operation = operation(endpoint);
    Set<String> statuses = operation.getJsonObject("responses").fieldNames();
    assertTrue(statuses.contains("403"));
    assertEquals(guard.needsKey(), statuses.contains("401"));
    assertEquals(guard.counted(), statuses.contains("429"));
    assertEquals(guard.readsBody(), statuses.contains("413"));
    assertEquals(guard.readsBody(), statuses.contains("415"));
    assertTrue(guard.readsBody() || !operation.containsKey("requestBody"));
    // The last of the ways, without a key, is taken out where keys are configured.
    assertEquals(
        guard.key() == Guard.Key.NONE ? 0 : 3,
        operation.getJsonArray("security", new JsonArray()).size());
  }

  @Test
  void itHasExactlyTheFieldsThatAreRead() {
    Set<String> read =
        Stream.concat(Arrays.stream(Field.values()).map(Field::wireName), Stream.of("answer"))
            .collect(Collectors.toSet());
    assertEquals(read, properties().fieldNames());
  }

  @ParameterizedTest
  @EnumSource(Field.class)
  void aTextMayBeAsLongAsItSays(Field field) {
    JsonObject property = properties().getJsonObject(field.wireName());
    if (field.isShown()) {
      // Longer ones are cut.
      assertNull(property.getInteger("maxLength"));
    } else if (field == Field.EXCEPT) {
      assertEquals(
          field.limit(), property.getJsonArray("oneOf").getJsonObject(0).getInteger("maxLength"));
    } else if (property.getString("type").equals("string")) {
      assertEquals(field.limit(), property.getInteger("maxLength"));
    } else {
      assertTrue(EnumSet.of(Field.BADGE, Field.SILENT, Field.TTL, Field.WAIT).contains(field));
    }
  }

  static Stream<SampleRequest> good() {
    return Stream.of(
        SampleRequest.apple(),
        SampleRequest.firebase(),
        SampleRequest.linphone().without("event"),
        SampleRequest.custom(),
        SampleRequest.apple().withText("event", "cancel").without("media-type"),
        SampleRequest.apple().with("badge", "2147483647").with("silent", "false"),
        SampleRequest.apple().withText("call-id", ""),
        SampleRequest.apple().withText("made-up", "x"),
        SampleRequest.apple().with("ttl", "20").with("wait", "0.5"),
        cancel(),
        cancel().withText("except", "a b").withText("reason", "answered"),
        cancel().with("except", "[\"a\"]").withText("from", "x"));
  }

  /** Of all devices. */
  private static SampleRequest cancel() {
    return SampleRequest.apple()
        .withText("event", "cancel")
        .without("app-id", "platform", "token", "from", "to", "media-type");
  }

  @ParameterizedTest
  @MethodSource("good")
  void whatItAllowsIsAccepted(SampleRequest request) throws IOException {
    assertTrue(ApiContract.allowsPush(request.toString()));
    assertEquals(200, status(request.toString()));
  }

  static Stream<Arguments> bad() {
    Stream<Arguments> missing =
        Stream.of("app-id", "platform", "token", "call-id", "from", "to")
            .map(name -> Arguments.of("no " + name, SampleRequest.apple().without(name)));
    Stream<Arguments> tooLong =
        Arrays.stream(Field.values())
            .filter(ApiDocumentIT::isRefusedWhenLong)
            .map(
                field ->
                    Arguments.of(
                        "long " + field.wireName(),
                        SampleRequest.firebase()
                            .withText(field.wireName(), "a".repeat(field.limit() + 1))));
    Stream<Arguments> wrong =
        Stream.of(
            Arguments.of("negative badge", SampleRequest.apple().with("badge", "-1")),
            Arguments.of("huge badge", SampleRequest.apple().with("badge", "2147483648")),
            Arguments.of("silent null", SampleRequest.apple().with("silent", "null")),
            Arguments.of("token object", SampleRequest.apple().with("token", "{}")),
            Arguments.of("empty token", SampleRequest.apple().withText("token", "")),
            Arguments.of("ttl of nothing", SampleRequest.apple().with("ttl", "0")),
            Arguments.of("negative wait", SampleRequest.apple().with("wait", "-1")),
            Arguments.of("from list", SampleRequest.apple().with("from", "[]")),
            Arguments.of("cancel of nothing", cancel().withText("call-id", "")),
            Arguments.of("cancel without a platform", cancel().withText("app-id", "x")),
            Arguments.of("ring of nobody", cancel().withText("event", "incoming_session")),
            Arguments.of("except object", cancel().with("except", "{}")));
    return Stream.of(missing, tooLong, wrong).flatMap(all -> all);
  }

  private static boolean isRefusedWhenLong(Field field) {
    return !field.isShown() && !EnumSet.of(Field.BADGE, Field.SILENT, Field.EXCEPT).contains(field);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  void whatItForbidsIsRefused(String what, SampleRequest request) throws IOException {
    assertFalse(ApiContract.allowsPush(request.toString()));
    int status = status(request.toString());
    assertTrue(status == 400 || status == 404, () -> what + ": " + status);
  }

  @Test
  void itsExamplesAreGood() throws IOException {
    JsonObject examples =
        new JsonObject(ApiContract.text())
            .getJsonObject("paths")
            .getJsonObject("/push")
            .getJsonObject("post")
            .getJsonObject("requestBody")
            .getJsonObject("content")
            .getJsonObject("application/json")
            .getJsonObject("examples");
    assertFalse(examples.isEmpty());
    for (String name : examples.fieldNames()) {
      String body = examples.getJsonObject(name).getJsonObject("value").encode();
      assertTrue(ApiContract.allowsPush(body), name);
      assertEquals(200, status(body), name);
    }
  }
}
