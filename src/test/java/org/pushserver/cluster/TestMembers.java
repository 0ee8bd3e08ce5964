// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.pushserver.fake.Await.await;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.spi.cluster.ClusterManager;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pushserver.config.ClusterSettings;
import org.pushserver.config.Tls;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.fake.Await;
import org.pushserver.fake.TestTls;
import org.pushserver.pem.CertifiedKey;
import org.pushserver.pem.Pem;

/**
 * Members of a cluster, all in this JVM, each with an address of its own. They end with the test;
 * those that were started before all tests of a class end with the last of these.
 */
final class TestMembers implements BeforeEachCallback, AfterEachCallback, AfterAllCallback {
  private static final int MOST = 4;

  /** One that runs. */
  record Running(ClusterSettings settings, ClusterMember member, Vertx vertx, VertxNodes nodes) {
    /** Waits until it sees so many members, itself included. */
    void untilMembers(int count) throws Exception {
      Await.until(
          () -> nodes.members().size() == count,
          () -> settings.node() + " sees " + nodes.members());
    }

    Node named(String name) {
      return nodes.members().stream()
          .filter(node -> node.name().equals(name))
          .findFirst()
          .orElseThrow();
    }
  }

  final X509Bundle authority;
  private final String name =
      "members-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  private final int port = freePort();
  private final int busPort = freePort();
  private final List<Running> running = new ArrayList<>();

  /** How many of them were there before the test. */
  private int shared;

  TestMembers() {
    authority = authority();
  }

  /** A new one, which nobody knows. */
  static X509Bundle authority() {
    try {
      return TestTls.valid()
          .subject("CN=Authority of members")
          .setIsCertificateAuthority(true)
          .buildSelfSigned();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  /** One that is free on all addresses that members have. */
  private static int freePort() {
    while (true) {
      List<ServerSocket> sockets = new ArrayList<>();
      try {
        int free = 0;
        for (int i = 1; i <= MOST; i++) {
          ServerSocket socket = new ServerSocket();
          sockets.add(socket);
          socket.bind(new InetSocketAddress(InetAddress.getByName("127.0.0." + i), free));
          free = socket.getLocalPort();
        }
        return free;
      } catch (IOException e) {
        // Taken on one of them.
      } finally {
        sockets.forEach(TestMembers::close);
      }
    }
  }

  private static void close(ServerSocket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Settings of a node, from 1. */
  ClusterSettings settings(int node, Tls tls) {
    return new ClusterSettings(
        name,
        "127.0.0." + node,
        port,
        busPort,
        "n" + node,
        IntStream.rangeClosed(1, MOST)
            .mapToObj(i -> InetSocketAddress.createUnresolved("127.0.0." + i, port))
            .toList(),
        tls);
  }

  /** A certificate of an authority, which trusts that authority. */
  static Tls tls(X509Bundle authority) throws Exception {
    X509Bundle own = TestTls.valid().subject("CN=member").buildIssuedBy(authority);
    CertifiedKey key =
        CertifiedKey.of(
            Pem.parse(own.getCertificatePEM()), Pem.parse(own.getPrivateKeyPEM()), remark -> {});
    return new Tls(key, Pem.certificates(Pem.parse(authority.getCertificatePEM())));
  }

  /** Starts a node with a certificate of this cluster's authority. */
  Running start(int node) throws Exception {
    return start(settings(node, tls(authority)), "1.0", VertxNodes.PROTOCOL);
  }

  /**
   * The same.
   *
   * @param seen how it sees what keeps the members together
   */
  Running start(int node, UnaryOperator<ClusterManager> seen) throws Exception {
    return start(settings(node, tls(authority)), "1.0", VertxNodes.PROTOCOL, seen);
  }

  /** Starts a node. */
  Running start(ClusterSettings settings, String version, int protocol) throws Exception {
    return start(settings, version, protocol, UnaryOperator.identity());
  }

  private Running start(
      ClusterSettings settings, String version, int protocol, UnaryOperator<ClusterManager> seen)
      throws Exception {
    ClusterMember member = ClusterMember.join(settings);
    try {
      Running one = start(member, settings, version, protocol, seen);
      running.add(one);
      return one;
    } catch (Exception e) {
      member.leave();
      throw e;
    }
  }

  private static Running start(
      ClusterMember member,
      ClusterSettings settings,
      String version,
      int protocol,
      UnaryOperator<ClusterManager> seen)
      throws Exception {
    VertxOptions options = new VertxOptions().setEventLoopPoolSize(2);
    member.configure(options);
    Vertx vertx =
        await(
            Vertx.builder()
                .with(options)
                .withClusterManager(seen.apply(member.manager()))
                .buildClustered());
    VertxNodes nodes =
        await(
            VertxNodes.open(
                vertx, new VertxTime(vertx), settings.name(), settings.node(), version, protocol));
    return new Running(settings, member, vertx, nodes);
  }

  /** Lets one leave in order. */
  void leave(Running one) throws Exception {
    running.remove(one);
    end(one);
  }

  private static void end(Running one) throws Exception {
    await(one.nodes().close());
    await(one.vertx().close());
    one.member().leave();
  }

  int port() {
    return port;
  }

  int busPort() {
    return busPort;
  }

  @Override
  public void beforeEach(ExtensionContext test) {
    shared = running.size();
  }

  @Override
  public void afterEach(ExtensionContext test) throws Exception {
    endAfter(shared);
  }

  @Override
  public void afterAll(ExtensionContext tests) throws Exception {
    endAfter(0);
  }

  private void endAfter(int count) throws Exception {
    while (running.size() > count) {
      leave(running.get(running.size() - 1));
    }
  }
}
