// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.pushserver.fake.Await.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pushserver.fake.TestSandbox;
import org.pushserver.fake.TestTls;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.SandboxOptions;

/**
 * Servers that are one: each in a JVM of its own, on 127.0.0.1, 127.0.0.2 and so on, called n1, n2
 * and so on, with certificates of an authority of the test's own. All send to one sandbox. They end
 * with the test.
 */
final class ClusterFixture implements BeforeEachCallback, AfterEachCallback {
  private static final int MOST = 8;

  /** A process, and the node it is. */
  private record Started(int node, ServerProcess server) {}

  final Vertx vertx = Vertx.vertx();

  /** Stands for Apple and Google; what arrives there was sent. */
  Sandbox sandbox;

  /** Certifies members. */
  TestTls tls;

  private final Supplier<Path> directory;
  private final List<Started> started = new ArrayList<>();
  private final String name =
      "test-" + HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());

  private int port;
  private int busPort;

  /**
   * @param directory where everything is to be; asked for when a test begins
   */
  ClusterFixture(Supplier<Path> directory) {
    this.directory = directory;
  }

  @Override
  public void beforeEach(ExtensionContext test) throws Exception {
    sandbox =
        await(
            TestSandbox.start(
                vertx,
                SandboxOptions.in(Files.createDirectories(directory.get().resolve("sandbox")))));
    tls = TestTls.create(Files.createDirectories(directory.get().resolve("tls")));
    port = freePort();
    busPort = freePort();
  }

  /** One that is free on all addresses that nodes have. */
  private static int freePort() throws IOException {
    while (true) {
      List<ServerSocket> sockets = new ArrayList<>();
      try {
        int port = 0;
        for (int i = 1; i <= MOST; i++) {
          ServerSocket socket = new ServerSocket();
          sockets.add(socket);
          socket.bind(new InetSocketAddress(InetAddress.getByName(address(i)), port));
          port = socket.getLocalPort();
        }
        return port;
      } catch (IOException e) {
        // Taken on one of them.
      } finally {
        for (ServerSocket socket : sockets) {
          socket.close();
        }
      }
    }
  }

  /** Where a node is. */
  static String address(int node) {
    return "127.0.0." + node;
  }

  /** Where members meet. */
  int port() {
    return port;
  }

  /** Where members ask each other. */
  int busPort() {
    return busPort;
  }

  /**
   * Where a node is configured; the files are there from now on, and may be changed.
   *
   * @param node from 1
   */
  Path config(int node) throws IOException {
    Path config = directory.get().resolve("n" + node);
    if (!Files.exists(config)) {
      copy(sandbox.configDirectory(), config);
      Path general = config.resolve("general.ini");
      Files.writeString(general, Files.readString(general) + section(node));
      certify(node, tls.authority());
    }
    return config;
  }

  /**
   * Lets a node have no way to Apple: a port where nobody is.
   *
   * @return its applications as they were
   */
  @CanIgnoreReturnValue
  String withoutApple(int node) throws IOException {
    Path file = applications(node);
    String before = Files.readString(file);
    try (ServerSocket nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Files.writeString(
          file,
          before.replace("127.0.0.1:" + sandbox.apnsPort(), "127.0.0.1:" + nobody.getLocalPort()));
    }
    return before;
  }

  /** Where its applications are. */
  Path applications(int node) throws IOException {
    return config(node).resolve("applications.ini");
  }

  /** Shows another certificate from now on. */
  void certify(int node, X509Bundle authority) throws IOException {
    try {
      X509Bundle own = TestTls.valid().subject("CN=n" + node).buildIssuedBy(authority);
      Path config = directory.get().resolve("n" + node);
      Files.writeString(
          config.resolve("node.pem"), own.getPrivateKeyPEM() + own.getCertificatePEM());
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy);
        }
      }
    }
  }

  private String section(int node) {
    String members =
        IntStream.rangeClosed(1, MOST)
            .mapToObj(ClusterFixture::address)
            .collect(Collectors.joining(", "));
    return String.join(
        "\n",
        "",
        "[cluster]",
        "name = " + name,
        "node = n" + node,
        "address = " + address(node),
        "port = " + port,
        "bus_port = " + busPort,
        "members = " + members,
        "tls_certificate = node.pem",
        "tls_ca = " + tls.ca(),
        "");
  }

  /**
   * Starts a node, and returns when it serves requests.
   *
   * @param node from 1
   */
  ServerProcess start(int node, String... jvmOptions) throws Exception {
    return started(node, ServerProcess.startMember(config(node), jvmOptions));
  }

  /** The same, behind another program. */
  ServerProcess startBehind(List<String> program, int node) throws Exception {
    return started(node, ServerProcess.startMemberBehind(program, config(node)));
  }

  /** Starts a node, and does not wait for it. */
  ServerProcess begin(int node, String... jvmOptions) throws Exception {
    return started(node, ServerProcess.beginMember(config(node), jvmOptions));
  }

  /** Starts three, and returns when each sees all; the list may be changed. */
  List<ServerProcess> startThree() throws Exception {
    return startThree(List.of(List.of(), List.of(), List.of()));
  }

  /** The same, each behind another program. */
  List<ServerProcess> startThree(List<List<String>> programs) throws Exception {
    List<ServerProcess> servers = new CopyOnWriteArrayList<>();
    servers.add(startBehind(programs.get(0), 1));
    // They find the first one, and through it each other.
    servers.add(started(2, ServerProcess.beginMemberBehind(programs.get(1), config(2))));
    servers.add(started(3, ServerProcess.beginMemberBehind(programs.get(2), config(3))));
    for (ServerProcess server : servers) {
      server.untilServing();
      server.untilLogged("members: n1, n2, n3$");
    }
    return servers;
  }

  private ServerProcess started(int node, ServerProcess server) {
    started.add(new Started(node, server));
    return server;
  }

  /** What all have written down, also those that have ended. */
  ClusterLogs logs() {
    List<ClusterLogs.Log> logs = new ArrayList<>();
    for (Started each : started) {
      String node = "n" + each.node();
      logs.add(new ClusterLogs.Log(node + " of " + each.server().pid(), node, each.server().log()));
    }
    return new ClusterLogs(logs);
  }

  @Override
  public void afterEach(ExtensionContext test) throws Exception {
    for (Started each : started) {
      each.server().kill();
    }
    keepLogs(test);
    await(vertx.close());
  }

  /** For whoever wants to know why: the directory of the test goes with it. */
  private void keepLogs(ExtensionContext test) throws IOException {
    Path logs =
        Path.of(
            "target",
            "cluster-logs",
            test.getRequiredTestClass().getSimpleName() + "." + test.getDisplayName());
    Files.createDirectories(logs);
    for (int i = 0; i < started.size(); i++) {
      Files.writeString(logs.resolve((i + 1) + ".log"), started.get(i).server().log());
    }
  }
}
