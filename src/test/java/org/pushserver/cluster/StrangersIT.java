// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.cluster.TestMembers.Running;
import org.pushserver.config.Tls;

/**
 * Whoever has no certificate of the cluster's own authority gets in nowhere, and keeps nobody out.
 */
@Timeout(120)
class StrangersIT {
  private static final int PATIENCE_MS = 20_000;

  @RegisterExtension private static final TestMembers members = new TestMembers();

  /** Which all tests have; what else they start ends with each. */
  private static Running first;

  @BeforeAll
  static void startFirst() throws Exception {
    first = members.start(1);
  }

  @BeforeEach
  void untilAlone() throws Exception {
    first.untilMembers(1);
  }

  /** Believes everybody, and shows nothing. */
  private static SSLSocket connected(String host, int port) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        null,
        new TrustManager[] {
          new X509TrustManager() {
            @Override
            public void checkClientTrusted(X509Certificate[] chain, String type) {}

            @Override
            public void checkServerTrusted(X509Certificate[] chain, String type) {}

            @Override
            public X509Certificate[] getAcceptedIssuers() {
              return new X509Certificate[0];
            }
          }
        },
        null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket();
    socket.connect(new InetSocketAddress(host, port), PATIENCE_MS);
    socket.setSoTimeout(PATIENCE_MS);
    socket.startHandshake();
    return socket;
  }

  /** The number of the certificate that is shown. */
  private static BigInteger shown(String host, int port) throws Exception {
    try (SSLSocket socket = connected(host, port)) {
      return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
    }
  }

  @Test
  void whoShowsNoneOrSpeaksPlainTextIsCutOffOnBothPorts() throws Exception {
    for (int port : List.of(members.port(), members.busPort())) {
      try (SSLSocket socket = connected("127.0.0.1", port)) {
        // The server looks at the certificate last.
        assertThrows(IOException.class, () -> read(socket));
      }
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.setSoTimeout(PATIENCE_MS);
        socket
            .getOutputStream()
            .write("GET / HTTP/1.0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        byte[] said = said(socket);
        assertTrue(said.length <= 7, () -> "more than an alert: " + said.length + " bytes");
      }
    }
    assertEquals(1, first.nodes().members().size());
  }

  /** Until the other end is closed, in whatever way. */
  private static byte[] said(Socket socket) {
    try (InputStream in = socket.getInputStream()) {
      return in.readAllBytes();
    } catch (IOException e) {
      return new byte[0];
    }
  }

  private static void read(Socket socket) throws IOException {
    if (socket.getInputStream().read() < 0) {
      throw new IOException("closed");
    }
  }

  @Test
  void membersOfAnotherAuthorityAreAnotherCluster() throws Exception {
    Running foreign =
        members.start(
            members.settings(2, TestMembers.tls(TestMembers.authority())),
            "1.0",
            VertxNodes.PROTOCOL);
    Running second = members.start(3);
    first.untilMembers(2);
    second.untilMembers(2);
    assertEquals(
        List.of("n1", "n3"), first.nodes().members().stream().map(Node::name).sorted().toList());
    assertEquals(List.of(foreign.nodes().self()), foreign.nodes().members());
  }

  @Test
  void aStrangerWhoHoldsConnectionsKeepsNoMemberOut() throws Exception {
    Queue<Socket> held = new ConcurrentLinkedQueue<>();
    for (int i = 0; i < 200; i++) {
      held.add(new Socket(InetAddress.getLoopbackAddress(), members.port()));
    }
    Thread more = new Thread(() -> holdMore(held), "stranger");
    more.setDaemon(true);
    more.start();
    try {
      Running second = members.start(2);
      second.untilMembers(2);
      first.untilMembers(2);
    } finally {
      more.interrupt();
      more.join();
      for (Socket socket : held) {
        socket.close();
      }
    }
  }

  /** Some dozen a second, without a word on any. */
  private static void holdMore(Queue<Socket> held) {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        held.add(new Socket(InetAddress.getLoopbackAddress(), members.port()));
        Thread.sleep(20);
      }
    } catch (IOException | InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  @EnabledIfSystemProperty(
      named = "pushserver.cluster",
      matches = "true",
      disabledReason = "bin/check --long renews certificates")
  void renewedCertificatesAreShownOnBothPortsWhileItRuns() throws Exception {
    Running second = members.start(2);
    first.untilMembers(2);
    BigInteger before = shown("127.0.0.1", members.port());
    assertEquals(before, shown("127.0.0.1", members.busPort()));
    Tls renewed = TestMembers.tls(members.authority);
    first.member().renew(first.vertx(), members.settings(1, renewed));
    BigInteger now = renewed.identity().leaf().getSerialNumber();
    assertNotEquals(before, now);
    assertArrayEquals(
        new BigInteger[] {now, now},
        new BigInteger[] {
          shown("127.0.0.1", members.port()), shown("127.0.0.1", members.busPort())
        });
    Running third = members.start(3);
    third.untilMembers(3);
    first.untilMembers(3);
    second.untilMembers(3);
  }
}
