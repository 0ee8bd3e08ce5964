// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * A server on loopback that answers each request with whatever bytes a test likes, without TLS. Any
 * thread; what a script does, it does on the server's event loop.
 */
public final class RawServer {
  private static final String END_OF_HEADERS = "\r\n\r\n";

  private final Vertx vertx;
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicLong most = new AtomicLong();
  private volatile Consumer<Wire> script = wire -> {};
  private int port;

  /** One connection, as a script sees it. */
  public final class Wire {
    private final NetSocket socket;
    private final AtomicLong written = new AtomicLong();
    private final Buffer received = Buffer.buffer();
    private boolean asked;
    private boolean closed;

    private Wire(NetSocket socket) {
      this.socket = socket;
    }

    private void open() {
      open.incrementAndGet();
      socket.exceptionHandler(broken -> {});
      socket.closeHandler(
          end -> {
            closed = true;
            open.decrementAndGet();
          });
      socket.handler(
          bytes -> {
            received.appendBuffer(bytes);
            if (!asked && received.toString(StandardCharsets.ISO_8859_1).contains(END_OF_HEADERS)) {
              asked = true;
              requests.incrementAndGet();
              script.accept(this);
            }
          });
    }

    /** What has come in so far. */
    public String received() {
      return received.toString(StandardCharsets.ISO_8859_1);
    }

    /** Sends bytes; completes when the other side's machine has taken them. */
    public Future<Void> write(String bytes) {
      return socket
          .write(Buffer.buffer(bytes, StandardCharsets.ISO_8859_1.name()))
          .onSuccess(done -> most.accumulateAndGet(written.addAndGet(bytes.length()), Math::max));
    }

    /** Sends the piece again and again for as long as somebody takes it. */
    public void flood(String piece) {
      Future<Void> unused = write(piece).onSuccess(done -> flood(piece));
    }

    /** Sends the piece every 20 ms for as long as somebody takes it. */
    public void drip(String piece) {
      vertx.setPeriodic(
          20,
          timer -> {
            if (closed) {
              vertx.cancelTimer(timer);
            } else {
              Future<Void> unused = write(piece);
            }
          });
    }

    /** Ends the connection. */
    public void close() {
      Future<Void> unused = socket.close();
    }
  }

  public RawServer(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Begins to listen on a free port. */
  public Future<RawServer> start() {
    return vertx
        .createNetServer(new NetServerOptions().setHost("127.0.0.1").setPort(0))
        .connectHandler(socket -> new Wire(socket).open())
        .listen()
        .map(
            server -> {
              port = server.actualPort();
              return this;
            });
  }

  /** What is done about each request from now on. */
  public void script(Consumer<Wire> newScript) {
    script = newScript;
  }

  /** Answers each request from now on with 200 and this JSON. */
  public void answer(String json) {
    script(
        wire -> {
          Future<Void> unused =
              wire.write(
                  "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                      + json.length()
                      + END_OF_HEADERS
                      + json);
        });
  }

  public int port() {
    return port;
  }

  /** How many requests have come. */
  public int requests() {
    return requests.get();
  }

  /** How many connections stand. */
  public int open() {
    return open.get();
  }

  /** The most bytes that were taken over one connection, by the other side or the machine. */
  public long mostBytes() {
    return most.get();
  }
}
