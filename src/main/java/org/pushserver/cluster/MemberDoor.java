// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.io.EOFException;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where members connect. JGroups takes one connection after the other and waits for what each says
 * first; so it gets only those that have shown a certificate of the cluster's authority. All others
 * wait elsewhere, each on a thread of its own, and not for long.
 */
final class MemberDoor extends ServerSocket {
  private static final int MOST = 64;
  private static final int MOST_OF_ONE = 16;
  private static final int BACKLOG = 256;
  private static final long LOOK_MS = 500;
  private static final long SAY_AGAIN_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final Logger LOG = LoggerFactory.getLogger(MemberDoor.class);

  private final ClusterTls tls;
  private final Handshakes<TlsSocket> handshakes = new Handshakes<>(MOST, MOST_OF_ONE);
  private final BlockingQueue<TlsSocket> members = new LinkedBlockingQueue<>();
  private final AtomicLong said = new AtomicLong(System.nanoTime() - SAY_AGAIN_NANOS);

  /** Bounded by the places for handshakes. */
  private final ExecutorService threads =
      new ThreadPoolExecutor(
          0, Integer.MAX_VALUE, 10, TimeUnit.SECONDS, new SynchronousQueue<>(), MemberDoor::thread);

  /** One that is not bound yet. */
  MemberDoor(ClusterTls tls) throws IOException {
    this.tls = tls;
  }

  private static Thread thread(Runnable task) {
    Thread thread = new Thread(task, "cluster-handshake");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void bind(SocketAddress endpoint, int backlog) throws IOException {
    setReuseAddress(true);
    super.bind(endpoint, BACKLOG);
    threads.execute(this::receive);
  }

  /** {@return a member's connection, as soon as there is one} */
  @Override
  public Socket accept() throws IOException {
    try {
      while (!isClosed()) {
        TlsSocket member = members.poll(LOOK_MS, TimeUnit.MILLISECONDS);
        if (member != null) {
          return member;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new SocketException("closed");
  }

  private void receive() {
    while (!isClosed()) {
      TlsSocket connection = null;
      try {
        connection = TlsSocket.toAccept(tls);
        implAccept(connection);
        begin(connection);
      } catch (IOException e) {
        closeQuietly(connection);
      }
    }
  }

  private void begin(TlsSocket connection) {
    TlsSocket oldest = handshakes.begin(connection, connection.getInetAddress());
    if (oldest != null) {
      closeQuietly(oldest);
    }
    threads.execute(() -> shakeHands(connection));
  }

  private void shakeHands(TlsSocket connection) {
    try {
      connection.shakeHands(false);
      members.add(connection);
    } catch (IOException e) {
      if (isBrokenOff(e)) {
        LOG.debug("broken off", e);
      } else {
        tell(connection, e);
      }
      closeQuietly(connection);
    } finally {
      handshakes.end(connection);
    }
  }

  /** A member that dies does so, too, and a look whether the port is open. */
  private static boolean isBrokenOff(IOException e) {
    return e instanceof SocketException
        || e.getCause() instanceof SocketException
        || e.getCause() instanceof EOFException;
  }

  /** Not each: it may be somebody who tries for hours. */
  private void tell(TlsSocket connection, IOException why) {
    long now = System.nanoTime();
    long before = said.get();
    if (!isClosed() && now - before >= SAY_AGAIN_NANOS && said.compareAndSet(before, now)) {
      LOG.warn(
          "{} connected to the port for members and is none: {}. Said at most once a"
              + " minute. Let only members reach this port",
          connection.getInetAddress().getHostAddress(),
          why.getMessage());
    }
  }

  private static void closeQuietly(Socket socket) {
    try {
      if (socket != null) {
        socket.close();
      }
    } catch (IOException e) {
      LOG.debug("closing", e);
    }
  }

  @Override
  public void close() throws IOException {
    super.close();
    handshakes.pending().forEach(MemberDoor::closeQuietly);
    members.forEach(MemberDoor::closeQuietly);
    threads.shutdown();
  }
}
