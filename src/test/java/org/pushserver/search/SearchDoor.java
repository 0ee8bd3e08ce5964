// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.search;

import static org.pushserver.fake.Await.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pushserver.api.ApiParts;
import org.pushserver.api.LivePolicy;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.Access;
import org.pushserver.config.AddressList;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.KeyHash;
import org.pushserver.config.Limits;
import org.pushserver.config.LogSettings;
import org.pushserver.config.LogSettings.Journal;
import org.pushserver.config.Right;
import org.pushserver.config.ServerSettings;
import org.pushserver.endpoint.AdmittedRequest;
import org.pushserver.endpoint.EndpointList;
import org.pushserver.endpoint.HttpEndpoint;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.MemoryTrail;
import org.pushserver.ingress.HttpIngress;
import org.pushserver.observe.RequestMeters;
import org.pushserver.push.AppKey;
import org.pushserver.trail.Trail;

/** The main door and the operator's, before a trail that a test fills; and a client of both. */
final class SearchDoor implements AutoCloseable, AfterEachCallback {
  static final AppKey MINE = new AppKey("com.example.phone", AppKey.APPLE);
  static final AppKey OTHERS = new AppKey("com.rival.phone", AppKey.FIREBASE);
  static final String OWNER = KeyHash.newKey();
  static final String DESK = KeyHash.newKey();
  static final String PBX = KeyHash.newKey();

  static final ApiKeys KEYS =
      ApiKeys.of(
          List.of(
              key("owner", OWNER, false, Right.SEARCH),
              key("desk", DESK, true, Right.CONSOLE),
              key("pbx", PBX, true, Right.PUSH)));

  final MemoryTrail trail = new MemoryTrail();
  final ManualTime time = new ManualTime();
  final TrailApi api;
  private final Vertx vertx = Vertx.vertx();
  private final HttpClient client = HttpClient.newHttpClient();
  private final LivePolicy policy;
  private final HttpIngress main;
  private final HttpServer operators;

  /** With these keys, and the trail that it has. */
  SearchDoor(ApiKeys keys) {
    this(keys, true);
  }

  /**
   * @param on whether the trail is on
   */
  SearchDoor(ApiKeys keys, boolean on) {
    ServerSettings settings = settings(keys);
    policy = new LivePolicy(settings, time);
    Trail shown = on ? trail : null;
    api = new TrailApi(shown, policy, time);
    main =
        await(
            HttpIngress.open(
                vertx,
                1,
                settings,
                policy,
                ApiParts.of(ScriptedDispatcher.withSamples(), time),
                api.endpoints(),
                new RequestMeters(new SimpleMeterRegistry())));
    Router router = Router.router(vertx);
    new EndpointList<>(api.endpoints()).route(router, new OperatorAdmission());
    operators = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
  }

  static ApiKey key(String name, String key, boolean all, Right right) {
    String hash = HexFormat.of().formatHex(new KeyHash().of(key));
    return new ApiKey(name, hash, all, Set.of(), Set.of(MINE), Set.of(right));
  }

  private static ServerSettings settings(ApiKeys keys) {
    return new ServerSettings(
        "127.0.0.1",
        0,
        null,
        true,
        new Access(AddressList.ALL, AddressList.NONE, keys),
        Limits.DEFAULT,
        new LogSettings(
            false, false, Journal.NO, false, Path.of("unused.log"), 0, Duration.ZERO, 1),
        Duration.ofSeconds(1),
        null);
  }

  /** Goes by other keys, as a reload does. */
  void use(ApiKeys keys) {
    ServerSettings settings = settings(keys);
    await(main.apply(settings));
    policy.apply(settings);
  }

  /** The port of the main door. */
  int port() {
    return main.port();
  }

  /** As a part of an address. */
  static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /**
   * Asks at the main door.
   *
   * @param key null to show none
   * @param headers names and values
   */
  HttpResponse<String> get(String key, String path, String... headers) {
    return get(main.port(), key, path, headers);
  }

  /** Asks at the operator's door. */
  HttpResponse<String> ask(String key, String path) {
    return get(operators.actualPort(), key, path);
  }

  private HttpResponse<String> get(int port, String key, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    String[] all =
        Stream.concat(
                Stream.of(headers),
                key == null ? Stream.of() : Stream.of("Authorization", "Bearer " + key))
            .toArray(String[]::new);
    if (all.length > 0) {
      request.headers(all);
    }
    return await(client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString()));
  }

  @Override
  public void afterEach(ExtensionContext test) {
    close();
  }

  @Override
  public void close() {
    api.close();
    await(vertx.close());
  }

  private record OperatorRequest(RoutingContext context) implements AdmittedRequest {
    @Override
    public boolean isStranger() {
      return false;
    }

    @Override
    public boolean isOperator() {
      return true;
    }

    @Override
    public ApiKey key() {
      return null;
    }

    @Override
    public String address() {
      return "127.0.0.1";
    }

    @Override
    public byte[] body() {
      return new byte[0];
    }
  }

  /** As at the admin door: there is no guard. */
  private static final class OperatorAdmission implements EndpointList.Admission<AdmittedRequest> {
    @Override
    public void admit(RoutingContext context, HttpEndpoint<AdmittedRequest> endpoint) {
      endpoint.handler().handle(new OperatorRequest(context));
    }

    @Override
    public void wrongMethod(RoutingContext context, String description) {
      context.fail(405);
    }

    @Override
    public void unknownPath(RoutingContext context, String description) {
      context.fail(404);
    }
  }
}
