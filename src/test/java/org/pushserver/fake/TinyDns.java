// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** A name server on loopback that knows the same IPv4 addresses for all names. Any thread. */
public final class TinyDns {
  private static final int HEADER = 12;
  private static final short RESPONSE = (short) 0x8180;
  private static final short NAME_OF_THE_QUESTION = (short) 0xC00C;
  private static final short TYPE_A = 1;
  private static final short CLASS_IN = 1;

  private final DatagramSocket socket;
  private final int ttlSeconds;
  private final AtomicInteger queries = new AtomicInteger();
  private volatile int[] hosts = {1};
  private volatile boolean down;

  /**
   * @param ttlSeconds how long an answer may be kept
   */
  public TinyDns(Vertx vertx, int ttlSeconds) {
    this.socket = vertx.createDatagramSocket().handler(this::receive);
    this.ttlSeconds = ttlSeconds;
  }

  /** Begins to listen on a free port of 127.0.0.1. */
  public Future<TinyDns> start() {
    return socket.listen(0, "127.0.0.1").map(this);
  }

  /** Where it is, as {@code host:port}. */
  public String server() {
    SocketAddress local = socket.localAddress();
    return local.hostAddress() + ':' + local.port();
  }

  /**
   * What names lead to from now on.
   *
   * @param last the last numbers of addresses in 127.0.0.0/24
   */
  public void answer(int... last) {
    hosts = last.clone();
  }

  /** Is there no more: questions get no answer. */
  public void down() {
    down = true;
  }

  /** How often it was asked for an IPv4 address. */
  public int queries() {
    return queries.get();
  }

  private void receive(DatagramPacket packet) {
    if (down) {
      return;
    }
    Buffer query = packet.data();
    int end = HEADER;
    while (query.getByte(end) != 0) {
      end += query.getByte(end) + 1;
    }
    boolean wanted = query.getShort(end + 1) == TYPE_A;
    int[] known = wanted ? hosts : new int[0];
    Buffer reply =
        Buffer.buffer()
            .appendShort(query.getShort(0))
            .appendShort(RESPONSE)
            .appendShort((short) 1)
            .appendShort((short) known.length)
            .appendInt(0)
            .appendBuffer(query, HEADER, end + 5 - HEADER);
    if (wanted) {
      queries.incrementAndGet();
    }
    for (int last : known) {
      byte[] address = {127, 0, 0, (byte) last};
      reply
          .appendShort(NAME_OF_THE_QUESTION)
          .appendShort(TYPE_A)
          .appendShort(CLASS_IN)
          .appendInt(ttlSeconds)
          .appendShort((short) address.length)
          .appendBytes(address);
    }
    socket.send(reply, packet.sender().port(), packet.sender().host());
  }
}
