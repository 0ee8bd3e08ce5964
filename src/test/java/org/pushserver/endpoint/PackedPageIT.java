// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.endpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page that is kept packed, as its readers get it. */
@Timeout(60)
class PackedPageIT {
  /** Many pieces, and one that is not full. */
  private static final String TEXT =
      "pushserver_things{application=\"com.example.phone\"} 0.0\n".repeat(200_000);

  private static final int PACKED_PARTS = 20;

  /** Fewer than a server of HTTP/2 takes for an attack. */
  private static final int RESETS = 150;

  private static final long CANCEL = 8;

  private final Vertx vertx = Vertx.vertx();
  private final List<Throwable> faults = new CopyOnWriteArrayList<>();
  private HttpServer server;
  private HttpServer packing;
  private HttpClient client;

  @BeforeEach
  void open() throws IOException {
    PackedPage page =
        PackedPage.of("text/plain", out -> out.write(TEXT.getBytes(StandardCharsets.ISO_8859_1)));
    Router router = Router.router(vertx);
    router
        .route("/page")
        .handler(
            context -> {
              var unused = page.show(context);
            });
    vertx.exceptionHandler(faults::add);
    server = await(vertx.createHttpServer().requestHandler(router).listen(0, "127.0.0.1"));
    // As the operator's door does, for what else it shows.
    packing =
        await(
            vertx
                .createHttpServer(new HttpServerOptions().setCompressionSupported(true))
                .requestHandler(router)
                .listen(0, "127.0.0.1"));
    client = vertx.createHttpClient();
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  private record Read(HttpClientResponse head, Buffer body) {}

  private Read read(HttpMethod method, String accepts) {
    return read(server, method, accepts);
  }

  private Read read(HttpServer asked, HttpMethod method, String accepts) {
    return await(
        client
            .request(method, asked.actualPort(), "127.0.0.1", "/page")
            .map(request -> accepts.isEmpty() ? request : accepting(request, accepts))
            .compose(HttpClientRequest::send)
            .compose(response -> response.body().map(body -> new Read(response, body))));
  }

  private static HttpClientRequest accepting(HttpClientRequest request, String accepts) {
    return request.putHeader("Accept-Encoding", accepts);
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "br, GZIP", "deflate,gzip;q=0.5", "gzip;q=0.05"})
  void whoReadsGzipGetsItPacked(String accepts) throws IOException {
    Read read = read(HttpMethod.GET, accepts);
    assertEquals("gzip", read.head().getHeader("Content-Encoding"));
    byte[] packed = read.body().getBytes();
    assertTrue(packed.length < TEXT.length() / PACKED_PARTS);
    byte[] bytes = new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes();
    assertEquals(TEXT, new String(bytes, StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "identity", "deflate, br", "gzip;q=0", "gzip; q=0.00, br", "xgzip"})
  void whoDoesNotGetsAllOfItAsItIs(String accepts) {
    assertAsItIs(read(HttpMethod.GET, accepts));
    assertAsItIs(read(packing, HttpMethod.GET, accepts));
  }

  private static void assertAsItIs(Read read) {
    assertNull(read.head().getHeader("Content-Encoding"));
    assertEquals(Integer.toString(TEXT.length()), read.head().getHeader("Content-Length"));
    assertEquals(TEXT, read.body().toString());
  }

  @Test
  void whoAsksForTheHeadAloneIsToldTheLength() {
    Read read = read(HttpMethod.HEAD, "");
    assertEquals(Integer.toString(TEXT.length()), read.head().getHeader("Content-Length"));
    assertEquals(0, read.body().length());
  }

  /** Asks, and wants no more when it has got so many bytes. */
  private Future<Void> readSome(HttpClient reader, long most) {
    Promise<Void> over = Promise.promise();
    return reader
        .request(HttpMethod.GET, server.actualPort(), "127.0.0.1", "/page")
        .compose(
            request ->
                request
                    .send()
                    .compose(
                        response -> {
                          response.exceptionHandler(reset -> over.tryComplete());
                          AtomicLong got = new AtomicLong();
                          response.handler(
                              piece -> {
                                if (got.addAndGet(piece.length()) > most) {
                                  request.reset(CANCEL).onComplete(sent -> over.tryComplete());
                                }
                              });
                          return over.future();
                        }));
  }

  @Test
  void whoWantsNoMoreWhileItIsUnpackedIsNoFault() {
    HttpClient reader =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false));
    for (int i = 0; i < RESETS; i++) {
      await(readSome(reader, i * (long) TEXT.length() / (2 * RESETS)));
    }
    // On the same connection, so what became of the others has been seen by then.
    client = reader;
    assertEquals(TEXT, read(HttpMethod.GET, "").body().toString());
    assertEquals(List.of(), faults);
  }
}
