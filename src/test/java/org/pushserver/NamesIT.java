// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.fake.TinyDns;
import org.pushserver.route.Route;
import org.pushserver.route.RouteOptions;
import org.pushserver.route.RouteOptions.Identity;
import org.pushserver.route.RouteOptions.Limits;
import org.pushserver.route.RouteOptions.Protocol;
import org.pushserver.route.RouteOptions.Target;
import org.pushserver.route.RouteOptions.WhenIdle;

/** Where a name leads, with a name server whose answers may be kept for a day. */
class NamesIT {
  private static final int A_DAY = 86_400;

  /** So often are two addresses taken in turns without one being left out, but for bad luck. */
  private static final int TRIES = 64;

  private final Vertx outside = Vertx.vertx();
  private Vertx vertx;
  private TinyDns dns;
  private int port;

  @BeforeEach
  void start() throws Exception {
    dns = await(new TinyDns(outside, A_DAY).start());
    vertx =
        Vertx.vertx(
            new VertxOptions()
                .setAddressResolverOptions(OwnVertx.names().setServers(List.of(dns.server()))));
    port = listen("127.0.0.1", 0);
    assertEquals(port, listen("127.0.0.2", port));
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
    await(outside.close());
  }

  /** A push service that answers with its own address. */
  private int listen(String address, int wanted) throws Exception {
    HttpServer server =
        outside
            .createHttpServer()
            .requestHandler(request -> request.response().end(request.localAddress().host()));
    return await(server.listen(wanted, address)).actualPort();
  }

  private RouteOptions options(String name) {
    return new RouteOptions(
        "app",
        new Target(name, port, Protocol.PLAIN_HTTP1),
        Identity.NONE,
        WhenIdle.LET_GO,
        new Limits(Duration.ofSeconds(10), 1));
  }

  /** The address that a route of its own to this name has come to. */
  private String reached(String name) throws Exception {
    RouteOptions options = options(name);
    Promise<String> reached = Promise.promise();
    Context context = vertx.getOrCreateContext();
    context.runOnContext(
        turn -> {
          Promise<Void> changed = Promise.promise();
          Route route = new Route(options, vertx, new VertxTime(vertx), changed::tryComplete);
          route.open();
          changed
              .future()
              .compose(
                  up -> route.post("/", MultiMap.caseInsensitiveMultiMap(), Buffer.buffer("{}")))
              .map(reply -> reply.body().toString())
              .eventually(route::close)
              .onComplete(reached);
        });
    return await(reached.future());
  }

  @Test
  void eachConnectionAsksAnewWhateverTheLastAnswerAllowed() throws Exception {
    assertEquals("127.0.0.1", reached("push.example.test"));
    dns.answer(2);
    assertEquals("127.0.0.2", reached("push.example.test"));
    dns.answer(1);
    assertEquals("127.0.0.1", reached("push.example.test"));
    assertEquals(3, dns.queries());
  }

  @Test
  void theAddressesOfANameTakeTurns() throws Exception {
    dns.answer(1, 2);
    String first = reached("push.example.test");
    int tries = 1;
    while (reached("push.example.test").equals(first)) {
      assertTrue(++tries < TRIES, "always " + first);
    }
  }

  @Test
  void theHostsFileComesBeforeTheNameServer() throws Exception {
    dns.answer(2);
    assertEquals("127.0.0.1", reached("localhost"));
    assertEquals(0, dns.queries());
  }

  @Test
  void whileTheNameServerIsDownTheLastAddressServes() throws Exception {
    List<Promise<Void>> connected = List.of(Promise.promise(), Promise.promise());
    AtomicReference<Route> route = new AtomicReference<>();
    Runnable changed =
        () -> {
          for (int i = 0; i < connected.size(); i++) {
            if (route.get().uses(i + 1)) {
              connected.get(i).tryComplete();
            }
          }
        };
    Context context = vertx.getOrCreateContext();
    context.runOnContext(
        turn -> {
          route.set(new Route(options("push.example.test"), vertx, new VertxTime(vertx), changed));
          route.get().open();
        });
    await(connected.get(0).future());
    dns.down();
    context.runOnContext(turn -> route.get().leave(1, "a test"));
    await(connected.get(1).future());
    Promise<Void> closed = Promise.promise();
    context.runOnContext(turn -> route.get().close().onComplete(closed));
    await(closed.future());
  }
}
