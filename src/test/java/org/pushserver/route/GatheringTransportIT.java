// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.NetSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.TestTls;
import org.pushserver.route.RouteOptions.Limits;
import org.pushserver.route.RouteOptions.WhenIdle;

/** How many TLS records a burst takes on the wire. */
class GatheringTransportIT {
  private static final int BURST = 50;

  /** RFC 8446, section 5.1: type, version, length. */
  private static final int RECORD_HEADER = 5;

  @TempDir Path dir;
  private final AtomicInteger records = new AtomicInteger();
  @RegisterExtension private final EventLoops loops = new EventLoops();
  private final Vertx vertx = loops.vertx;

  /** Counts the records on the way to the peer. */
  private int tapped(int peer) throws Exception {
    return await(vertx.createNetServer().connectHandler(client -> tap(client, peer)).listen(0))
        .actualPort();
  }

  private void tap(NetSocket client, int peer) {
    client.pause();
    vertx
        .createNetClient()
        .connect(peer, "127.0.0.1")
        .onSuccess(
            server -> {
              Buffer seen = Buffer.buffer();
              server.handler(client::write).closeHandler(closed -> client.close());
              client
                  .handler(
                      bytes -> {
                        seen.appendBuffer(bytes);
                        server.write(bytes);
                        records.set(records(seen));
                      })
                  .closeHandler(closed -> server.close())
                  .resume();
            });
  }

  private static int records(Buffer bytes) {
    int count = 0;
    for (int at = 0; at + RECORD_HEADER <= bytes.length(); count++) {
      at += RECORD_HEADER + bytes.getUnsignedShort(at + RECORD_HEADER - 2);
    }
    return count;
  }

  @Test
  void theRequestsOfOneTurnShareARecord() throws Exception {
    TestTls tls = TestTls.create(dir);
    Peer peer = new Peer(vertx);
    Http2Settings settings = new Http2Settings().setMaxConcurrentStreams(BURST);
    HttpServerOptions options = Peer.http2(tls.server(), 0).setInitialSettings(settings);
    int port = tapped(await(peer.start(options)));
    peer.does(request -> request.response().end());
    RouteFixture fixture =
        new RouteFixture(
            RouteFixture.options(
                port, tls.trust(), WhenIdle.LET_GO, new Limits(Duration.ofSeconds(10), 1)),
            vertx,
            new ManualTime());
    fixture.open();
    int before = records.get();
    List<Future<Reply>> replies =
        await(
            fixture.start(
                () ->
                    Future.succeededFuture(
                        IntStream.range(0, BURST)
                            .mapToObj(number -> fixture.postNow("/" + number))
                            .toList())));
    await(Future.join(replies));
    assertEquals(BURST, peer.requests().size());
    int spent = records.get() - before;
    assertTrue(spent < BURST / 5, BURST + " requests took " + spent + " records");
  }
}
