// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Vertx;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.pushserver.fake.ConnectProxy;
import org.pushserver.fake.FakeFcm;
import org.pushserver.fake.TestTls;

/**
 * What all scenarios share: a folder for everything, certificates, credentials, a token server, the
 * sink; and the processes, which end with it.
 */
final class Stage implements Closeable {
  private static final long WAIT_S = 20;

  /** The JVM of the programs that are no server of ours: the same collector and heap. */
  private static final List<String> JAVA =
      List.of(
          Path.of(System.getProperty("java.home"), "bin", "java").toString(),
          "-XX:+UseParallelGC",
          "-Xmx256m",
          "-cp",
          System.getProperty("java.class.path"));

  private final Path dir;
  private final TestTls tls;
  private final Path credentials;
  private final Path sinkFiles;

  /** Of the sink; with its key. */
  private final Path certificate;

  private final Wrk wrk;
  private final Vertx vertx = Vertx.vertx();
  private final Deque<Closeable> open = new ArrayDeque<>();
  private final Sink sink;

  /** Sets it up. */
  Stage() throws Exception {
    dir = Files.createTempDirectory("pushserver-bench");
    tls = TestTls.create(dir);
    FakeFcm tokens =
        new FakeFcm(vertx)
            .start(tls)
            .toCompletionStage()
            .toCompletableFuture()
            .get(WAIT_S, TimeUnit.SECONDS);
    credentials = ServerSetup.credentials(dir, tls, tokens.port());
    sinkFiles = Sink.files(dir);
    certificate = sinkCertificate(dir, tls);
    wrk = new Wrk(script(dir));
    sink = sink(Ports.free());
  }

  /** Starts a program of somebody else. */
  Child run(String name, Map<String, String> environment, List<String> command) throws IOException {
    return keep(Child.start(name, dir, environment, command));
  }

  /** A proxy that leads who asks for Apple to the sink. */
  int proxyPort() {
    return new ConnectProxy(vertx)
        .divert(Gorush.APPLE, sink.port())
        .start()
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(WAIT_S, TimeUnit.SECONDS)
        .join()
        .port();
  }

  /** The key that provider tokens are signed with. */
  Path applesKey() {
    return credentials.resolve("apns.p8");
  }

  /** The certificate of the authority that all here trust. */
  Path authority() {
    return tls.ca();
  }

  /** Makes a certificate of that authority; it and its key are in one file. */
  Path certify(Path folder, String name) throws Exception {
    X509Bundle own = TestTls.valid().subject("CN=" + name).buildIssuedBy(tls.authority());
    return Files.writeString(
        folder.resolve(name + ".pem"), own.getPrivateKeyPEM() + own.getCertificatePEM());
  }

  /** For ours, which go to localhost, and for who thinks that he speaks to Apple. */
  private static Path sinkCertificate(Path dir, TestTls tls) throws Exception {
    X509Bundle own =
        TestTls.valid()
            .subject("CN=localhost")
            .addSanDnsName("localhost")
            .addSanDnsName(Gorush.APPLE)
            .addSanIpAddress("127.0.0.1")
            .buildIssuedBy(tls.authority());
    return Files.writeString(
        dir.resolve("sink.pem"), own.getPrivateKeyPEM() + own.getCertificatePEM());
  }

  private static Path script(Path dir) throws IOException {
    Path script = dir.resolve("push.lua");
    try (InputStream in = Stage.class.getResourceAsStream("/bench/push.lua")) {
      Files.copy(in, script);
    }
    return script;
  }

  Path dir() {
    return dir;
  }

  /** The sink that runs all the time. */
  Sink sink() {
    return sink;
  }

  /** One more sink. */
  Sink sink(int port) throws IOException, InterruptedException {
    return keep(Sink.start(dir, sinkFiles, certificate, port));
  }

  /** Starts a server, and returns when it takes requests. */
  Running start(Build build, ServerSetup setup) throws IOException, InterruptedException {
    Running running = launch(build, setup);
    running.child().awaitPort(running.port());
    return running;
  }

  /** The folder of a configuration, as a command finds it before the server is started. */
  Path configuration(ServerSetup setup) throws IOException {
    return setup.write(dir, credentials, 0);
  }

  /** Starts a server, and returns at once. */
  Running launch(Build build, ServerSetup setup) throws IOException {
    int port = Ports.free();
    Path config = setup.write(dir, credentials, port);
    Child child =
        Child.start(
            setup.name(),
            dir,
            Map.of("PUSHSERVER_JAVA_OPTS", setup.javaOptions()),
            List.of(build.launcher().toString(), "--config-dir", config.toString()));
    return new Running(keep(child), port);
  }

  /** A server that sends to {@link #sink()}, as a program to be measured. */
  BenchIngress door(String name, Running running, Posts posts) {
    return new BenchIngress(name, running.child(), sink, wrk, running.port(), posts);
  }

  /** The null relay. */
  BenchIngress relay(String mode) throws IOException, InterruptedException {
    int port = Ports.free();
    Child child =
        Child.start(
            "relay " + mode,
            dir,
            Map.of(),
            java(NullRelay.class, port, sink.port(), tls.ca(), mode));
    keep(child).awaitPort(port);
    return new BenchIngress(
        "relay " + mode, child, sink, wrk, port, new Posts("apple", "relay", 1));
  }

  /** Where somebody listens to datagrams, and reads none. */
  int deafPort() throws IOException {
    return keep(new DatagramSocket(0, InetAddress.getLoopbackAddress())).getLocalPort();
  }

  /** Where each request is answered with 200, and forgotten. */
  int collectorPort() {
    return vertx
        .createHttpServer()
        .requestHandler(request -> request.response().end())
        .listen(0, "127.0.0.1")
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(WAIT_S, TimeUnit.SECONDS)
        .join()
        .actualPort();
  }

  /** Pushy alone. */
  TalkingProgram pushy() throws IOException {
    return new TalkingProgram(
        "pushy alone",
        keep(
            Child.startTalking(
                "pushy alone", dir, java(PushySender.class, sink.port(), tls.ca(), applesKey()))),
        sink);
  }

  /**
   * A server within a program of somebody's, which sends over the event bus, too, when it is told
   * how long.
   *
   * @param way how it sends then
   */
  Running embedded(ServerSetup setup, BusSender.Way way) throws IOException, InterruptedException {
    int port = Ports.free();
    Path config = setup.write(dir, credentials, port);
    Child child = keep(Child.startTalking(setup.name(), dir, java(BusSender.class, config, way)));
    child.awaitPort(port);
    return new Running(child, port);
  }

  private static List<String> java(Class<?> program, Object... arguments) {
    return Stream.of(JAVA.stream(), Stream.of(program.getName()), Stream.of(arguments))
        .flatMap(part -> part)
        .map(Object::toString)
        .toList();
  }

  private <T extends Closeable> T keep(T closeable) {
    open.push(closeable);
    return closeable;
  }

  /** For {@link #close(int)}. */
  int mark() {
    return open.size();
  }

  /**
   * Ends what was begun since.
   *
   * @param mark when
   */
  void close(int mark) throws IOException {
    while (open.size() > mark) {
      open.pop().close();
    }
  }

  @Override
  public void close() throws IOException {
    close(0);
    vertx
        .close()
        .toCompletionStage()
        .toCompletableFuture()
        .orTimeout(WAIT_S, TimeUnit.SECONDS)
        .join();
    try (Stream<Path> files = Files.walk(dir)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
