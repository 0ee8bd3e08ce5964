// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.faults.Recovery;
import org.pushserver.ingress.IngressTls;
import org.pushserver.ingress.RawHttp2;

/**
 * Attacks that fill the memory, on a server in a small heap: it survives them, three times in a
 * row, serves whoever comes next as quickly as ever, and keeps nothing of them.
 */
@Timeout(180)
class FloodIT {
  private static final int ROUNDS = 3;
  private static final int REQUESTS = 40_000;
  private static final int AT_ONCE = 100;

  /** SETTINGS: no content of any answer may be sent. */
  private static final byte[] WINDOW_0 = {0, 4, 0, 0, 0, 0};

  /** It looks every two seconds who is to be cut off, and not every five. */
  private static final String IMPATIENT = "idle_timeout = 8";

  private static final String KEY = "the key of the tests";

  @TempDir private Path directory;
  @RegisterExtension private final Program program = new Program(() -> directory);
  private final List<AutoCloseable> attackers = new ArrayList<>();
  private SSLContext trusting;
  private ServerProcess server;
  private Recovery recovery;
  private int applications;
  private int pushes;

  @AfterEach
  void stop() throws Exception {
    leave();
  }

  private void start(String settings) throws Exception {
    IngressTls authority = IngressTls.create();
    X509Bundle shown = authority.certify("door");
    trusting = authority.client();
    Path config = program.config;
    multiply(config.resolve("applications.ini"));
    Files.writeString(
        config.resolve("door.pem"), shown.getCertificatePEM() + shown.getPrivateKeyPEM());
    byte[] hash = MessageDigest.getInstance("SHA-256").digest(KEY.getBytes(StandardCharsets.UTF_8));
    Files.writeString(config.resolve("keys"), "tests " + HexFormat.of().formatHex(hash) + " *\n");
    Files.writeString(
        config.resolve("general.ini"),
        "[server]\nhost = 127.0.0.1\nport = 0\ntls_certificate = door.pem\n" + settings + "\n");
    server =
        program.start(
            HttpClient.newBuilder().sslContext(trusting).build(), "-XX:+ExitOnOutOfMemoryError");
    push();
    recovery = new Recovery(server.pid());
  }

  /** All attackers go. */
  private void leave() throws Exception {
    for (AutoCloseable attacker : attackers) {
      attacker.close();
    }
    attackers.clear();
  }

  /**
   * Sends a good push, of a call of its own; and again while it is told to come again, as it may be
   * in the moment in which an attacker has taken all room and is about to lose its connection.
   */
  private void push() throws Exception {
    int status = 503;
    for (int tries = 0; tries < 20 && status == 503; tries++) {
      String token = String.format(Locale.ROOT, "%064x", ++pushes);
      status = await(server.push(token, "X-Api-Key", KEY)).statusCode();
    }
    assertEquals(200, status);
  }

  /** Adds copies of the application on Firebase, as many as there are to be. */
  private void multiply(Path file) throws IOException {
    String text = Files.readString(file);
    Matcher section =
        Pattern.compile("(?ms)^\\[[^\\]]+\\]\\s[^\\[]*app_platform = firebase[^\\[]*")
            .matcher(text);
    assertTrue(section.find(), text);
    StringBuilder all = new StringBuilder(text).append('\n');
    for (int copy = 0; copy < applications; copy++) {
      all.append(
          section
              .group()
              .replaceFirst("\\[[^\\]]+\\]", "[copy-" + copy + "]")
              .replaceFirst("app_id = .*", "app_id = com.example.copy" + copy));
    }
    Files.writeString(file, all);
  }

  private RawHttp2 attacker() {
    return quietAttacker();
  }

  /** Begins requests and ends none, until that is done or the connection is lost. */
  private static void begin(RawHttp2 attacker, int requests, int flags, byte[] head, byte[] body) {
    int stream = 1;
    try {
      for (int sent = 0; sent < requests; sent += AT_ONCE) {
        ByteArrayOutputStream frames = new ByteArrayOutputStream();
        for (int i = 0; i < AT_ONCE; i++, stream += 2) {
          frames.writeBytes(
              RawHttp2.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS | flags, stream, head));
          if (body.length > 0) {
            frames.writeBytes(RawHttp2.frame(RawHttp2.DATA, 0, stream, body));
          }
        }
        attacker.send(frames.toByteArray());
      }
    } catch (IOException e) {
      // Cut off: what was to be shown.
    }
  }

  /** Good pushes pass while the attackers are still there, and nothing is left when they go. */
  private void assertServes() throws Exception {
    Recovery.assertQuick(this::push);
    leave();
    recovery.assertMemoryIsBack();
    assertFalse(server.ranOutOfMemory(), server::log);
  }

  @Test
  void pushesBegunWithoutEndOnOneConnection() throws Exception {
    start("");
    for (int round = 0; round < ROUNDS; round++) {
      RawHttp2 attacker = attacker();
      begin(attacker, REQUESTS, 0, RawHttp2.post(), new byte[10]);
      assertTrue(attacker.isClosedByServer());
      assertServes();
    }
  }

  @Test
  void pushesBegunWithoutEndAndWithoutAKey() throws Exception {
    start("api_keys = keys");
    for (int round = 0; round < ROUNDS; round++) {
      RawHttp2 attacker = attacker();
      begin(attacker, REQUESTS, 0, RawHttp2.post(), new byte[10]);
      assertServes();
    }
  }

  @Test
  void pagesAskedForWithoutEnd() throws Exception {
    start("");
    for (int round = 0; round < ROUNDS; round++) {
      RawHttp2 attacker = attacker();
      begin(attacker, REQUESTS, 0, RawHttp2.get("/"), new byte[0]);
      assertServes();
    }
  }

  @Test
  void manyConnectionsWithManyRequestsEach() throws Exception {
    start("");
    for (int round = 0; round < ROUNDS; round++) {
      Stream.generate(this::quietAttacker)
          .limit(40)
          .forEach(attacker -> begin(attacker, 200, 0, RawHttp2.post(), new byte[10]));
      assertServes();
    }
  }

  @Test
  void pagesThatAreNeverRead() throws Exception {
    start("");
    for (int round = 0; round < ROUNDS; round++) {
      for (int connection = 0; connection < 20; connection++) {
        RawHttp2 deaf = quietAttacker(WINDOW_0);
        begin(deaf, 200, RawHttp2.END_STREAM, RawHttp2.get("/openapi.json"), new byte[0]);
      }
      assertServes();
    }
  }

  @Test
  void metricsThatAreNeverRead() throws Exception {
    applications = 150;
    start("");
    for (int round = 0; round < ROUNDS; round++) {
      for (int connection = 0; connection < 40; connection++) {
        RawHttp2 deaf = quietAttacker(WINDOW_0);
        begin(deaf, AT_ONCE, RawHttp2.END_STREAM, RawHttp2.get("/metrics"), new byte[0]);
      }
      assertServes();
    }
  }

  @Test
  void pagesThatAreNeverReadOverHttp1() throws Exception {
    start(IMPATIENT);
    for (int round = 0; round < ROUNDS; round++) {
      askAndNeverRead(20, "/openapi.json", 400);
    }
  }

  @Test
  void metricsThatAreNeverReadOverHttp1() throws Exception {
    applications = 150;
    start(IMPATIENT);
    for (int round = 0; round < ROUNDS; round++) {
      askAndNeverRead(40, "/metrics", Integer.MAX_VALUE);
    }
  }

  /** So many at a time ask for a page, until they have done so or have lost their connection. */
  private void askAndNeverRead(int clients, String path, int times) throws Exception {
    List<CompletableFuture<Void>> ends = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(clients);
    try {
      for (int client = 0; client < clients; client++) {
        DeafClient deaf = new DeafClient(trusting, server.port());
        attackers.add(deaf);
        ends.add(CompletableFuture.runAsync(() -> deaf.askFor(path, times), threads));
      }
      Recovery.assertQuick(this::push);
      for (CompletableFuture<Void> end : ends) {
        Object unused = end.get(60, TimeUnit.SECONDS);
      }
      assertServes();
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void handshakesThatFailAreALineAndNotALineForEach() throws Exception {
    start("");
    for (int times = 0; times < 20; times++) {
      try (Socket plain = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
        plain.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        // An alert, or nothing: it ends.
        plain.getInputStream().readAllBytes();
      }
    }
    server.untilLogged("a TLS handshake failed: ");
    assertServes();
    long told = server.log().lines().filter(line -> line.contains("TLS handshake failed")).count();
    assertTrue(told <= Math.max(2, Runtime.getRuntime().availableProcessors()), server::log);
  }

  private RawHttp2 quietAttacker() {
    return quietAttacker(new byte[0]);
  }

  private RawHttp2 quietAttacker(byte[] settings) {
    try {
      RawHttp2 attacker = new RawHttp2(trusting, server.port(), settings);
      attackers.add(attacker);
      return attacker;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
