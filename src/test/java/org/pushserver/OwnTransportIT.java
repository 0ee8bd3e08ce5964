// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.internal.VertxInternal;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.Await;

/** A port is left to another server, and nobody who has come to this one is turned away. */
class OwnTransportIT {
  private static final int CLIENTS = 20;

  private final Vertx vertx = OwnVertx.create();
  private final CountDownLatch go = new CountDownLatch(1);
  private final List<Socket> clients = new ArrayList<>();
  private HttpServer server;

  @BeforeEach
  void listens() {
    server = listen(0);
  }

  @AfterEach
  void ends() throws IOException {
    go.countDown();
    for (Socket client : clients) {
      client.close();
    }
    await(vertx.close());
  }

  private HttpServer listen(int port) {
    return await(
        vertx
            .createHttpServer(new HttpServerOptions().setReusePort(true))
            .requestHandler(request -> request.response().end())
            .listen(port, "127.0.0.1"));
  }

  @CanIgnoreReturnValue
  private Socket connect() throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), server.actualPort());
    client.setSoTimeout((int) Await.PATIENCE.toMillis());
    clients.add(client);
    return client;
  }

  private static String ask(Socket client) throws IOException {
    client
        .getOutputStream()
        .write("GET / HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    return new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII))
        .readLine();
  }

  /** Keeps the server from looking who has come, until it may go on. */
  private void delayed() throws InterruptedException {
    CountDownLatch waits = new CountDownLatch(1);
    ((VertxInternal) vertx)
        .acceptorEventLoopGroup()
        .next()
        .execute(
            () -> {
              waits.countDown();
              try {
                go.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    assertTrue(waits.await(Await.PATIENCE.toSeconds(), TimeUnit.SECONDS));
  }

  @Test
  void whoeverHasConnectedBeforeThePortIsClosedIsLetInAndAnswered() throws Exception {
    delayed();
    for (int i = 0; i < CLIENTS; i++) {
      connect();
    }
    Future<Void> closed = OwnTransport.stopListening(vertx);
    go.countDown();
    await(closed);
    for (Socket client : clients) {
      assertEquals("HTTP/1.1 200 OK", ask(client));
    }
  }

  @Test
  void fromThenOnThePortIsFree() {
    await(OwnTransport.stopListening(vertx));
    assertThrows(ConnectException.class, this::connect);
    // Once more, and of a Vert.x that listens on nothing.
    await(OwnTransport.stopListening(vertx));
    await(server.close());
  }

  @Test
  void aVertxWithoutItIsLeftAsItIs() {
    Vertx other = Vertx.vertx();
    try {
      await(OwnTransport.stopListening(other));
    } finally {
      await(other.close());
    }
  }
}
