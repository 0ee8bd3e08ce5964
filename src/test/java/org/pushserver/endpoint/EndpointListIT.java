// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a door does for one entry in its list, and what for a request that has none. */
@Timeout(60)
class EndpointListIT {
  /** Says which endpoint was meant. */
  private static final class TellingAdmission implements EndpointList.Admission<AdmittedRequest> {
    @Override
    public void admit(RoutingContext context, HttpEndpoint<AdmittedRequest> endpoint) {
      String name = context.pathParam("name");
      context
          .response()
          .end(endpoint.method() + " " + endpoint.path() + (name == null ? "" : " " + name));
    }

    @Override
    public void wrongMethod(RoutingContext context, String description) {
      context.response().setStatusCode(405).end(description);
    }

    @Override
    public void unknownPath(RoutingContext context, String description) {
      context.response().setStatusCode(404).end(description);
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final EndpointList<AdmittedRequest> endpoints =
      new EndpointList<>(
          List.of(
              entry(HttpMethod.POST, "/push"),
              entry(HttpMethod.GET, "/"),
              entry(HttpMethod.GET, "/things/{name}"),
              entry(HttpMethod.DELETE, "/things/{name}"),
              entry(HttpMethod.POST, "/things/{name}/parts")));
  private HttpServer server;
  private HttpClient client;

  private static HttpEndpoint<AdmittedRequest> entry(HttpMethod method, String path) {
    return new HttpEndpoint<>(method, path, Guard.ADDRESS, request -> {});
  }

  @BeforeEach
  void open() {
    Router router = Router.router(vertx);
    endpoints.route(router, new TellingAdmission());
    server = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    client = vertx.createHttpClient();
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  /** Status, what is allowed, and the words. */
  private String ask(String method, String path) {
    return await(
        client
            .request(HttpMethod.valueOf(method), server.actualPort(), "127.0.0.1", path)
            // All on the event loop: what is read of an answer must be said before it goes on.
            .compose(request -> request.send().compose(EndpointListIT::told)));
  }

  private static Future<String> told(HttpClientResponse answer) {
    return answer.body().map(body -> answer.statusCode() + allow(answer) + " " + body);
  }

  private static String allow(HttpClientResponse answer) {
    String allow = answer.getHeader("Allow");
    return allow == null ? "" : " [" + allow + "]";
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /push, 200 POST /push",
    "POST, /push/, 200 POST /push",
    "POST, /push?x=1, 200 POST /push",
    "GET, /, 200 GET /",
    "GET, /things/one, 200 GET /things/{name} one",
    "DELETE, /things/one, 200 DELETE /things/{name} one",
    "POST, /things/a%20b/parts, 200 POST /things/{name}/parts a b",
    "HEAD, /, '200 '",
    "OPTIONS, /, '204 [GET, HEAD, OPTIONS] '",
    "OPTIONS, /things/one, '204 [GET, HEAD, OPTIONS, DELETE] '",
    "OPTIONS, /push, 405 [POST] The method must be POST for this path",
    "GET, /push, 405 [POST] The method must be POST for this path",
    "POST, /, '405 [GET, HEAD, OPTIONS] The method must be GET for this path'",
    "PUT, /things/one,"
        + " '405 [GET, HEAD, OPTIONS, DELETE] The method must be GET or DELETE for this path'",
    "GET, /nope, 404 There is nothing under this path",
  })
  void oneEntryIsAllThatAnEndpointNeeds(String method, String path, String answer) {
    assertEquals(answer, ask(method, path));
  }

  /** Else a metric would tell of another path than the one that was served. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/push",
        "/push/",
        "/push//",
        "//push",
        "/PUSH",
        "/%70ush",
        "/push/x",
        "/",
        "//",
        "/things",
        "/things/",
        "/things//",
        "/things/one",
        "/things/one/",
        "/things/one//",
        "/things/%2F",
        "/things/a%20b",
        "/things/one/parts",
        "/things//parts",
        "/things/one/parts/",
        "/things/one/other",
      })
  void theRouterAndTheTableOfPathsAgree(String asked) {
    PathTable table = new PathTable(endpoints.paths());
    boolean exists = !ask("TRACE", asked).startsWith("404");
    assertEquals(exists, table.number(asked) < table.size());
  }

  @Test
  void noEntryStandsTwice() {
    List<HttpEndpoint<AdmittedRequest>> twice =
        List.of(entry(HttpMethod.POST, "/push"), entry(HttpMethod.POST, "/push"));
    assertThrows(IllegalArgumentException.class, () -> new EndpointList<>(twice));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "push", "/push/", "//", "/a//b", "/a b", "/:x", "/{x", "/{a-b}", "/*"})
  void whatTheRouterMightTakeForAPatternIsNoPath(String path) {
    assertThrows(IllegalArgumentException.class, () -> entry(HttpMethod.GET, path));
  }

  @Test
  void noEndpointIsWithoutGuardAndHeadIsNobodysOwn() {
    Handler<AdmittedRequest> handler = request -> {};
    assertThrows(
        NullPointerException.class, () -> new HttpEndpoint<>(HttpMethod.GET, "/", null, handler));
    assertThrows(IllegalArgumentException.class, () -> entry(HttpMethod.HEAD, "/"));
    assertThrows(IllegalArgumentException.class, () -> entry(HttpMethod.OPTIONS, "/"));
  }
}
