// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import io.vertx.core.Vertx;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.ApnsCall;
import org.pushserver.fake.ApnsPeer;
import org.pushserver.fake.Relay;
import org.pushserver.fake.TestTls;
import org.pushserver.faults.Recovery;

/**
 * A small server with a hundred applications, all of which lose their push service, and clients who
 * never stop: the memory for what waits gets full, and nothing else.
 */
class QueueMemoryIT {
  private static final int APPLICATIONS = 100;
  private static final int CLIENTS = 4;
  private static final int AT_A_TIME = 50;

  /** A million with {@code bin/check --long}. */
  private static final int FLOOD = Integer.getInteger("pushserver.flood", 200_000);

  /** However slow the machine is, it ends. */
  private static final long FLOOD_S = Math.max(60, FLOOD / 2_500);

  private static final long PATIENCE_S = 240;
  private static final Pattern STATUS = Pattern.compile("HTTP/1.1 (\\d{3}) .*");

  @TempDir Path dir;
  private final Vertx vertx = Vertx.vertx();
  private final AtomicLong number = new AtomicLong();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private TestTls tls;
  private ApnsPeer apns;
  private Relay relay;
  private ServerProcess server;
  private Recovery recovery;

  @BeforeEach
  void start() throws Exception {
    tls = TestTls.create(dir);
    apns = await(new ApnsPeer(vertx).start(tls, 100));
    apns.does(ApnsCall::take);
    relay = await(new Relay(vertx, apns.port()).start());
    Files.writeString(
        dir.resolve("general.ini"),
        """
        [server]
        port = 0
        return_async = no
        [delivery]
        call_deadline = 3600
        """);
    StringBuilder applications = new StringBuilder();
    for (int i = 0; i < APPLICATIONS; i++) {
      applications.append(section(i));
    }
    Files.writeString(dir.resolve("applications.ini"), applications);
    server = ServerProcess.start(dir, "-XX:+ExitOnOutOfMemoryError");
  }

  private String section(int index) {
    return String.format(
        Locale.ROOT,
        """
        [app%d]
        app_id = com.example.phone%d
        app_type = sylk
        app_platform = apple
        apple_key = %s
        key_id = ABC123DEFG
        team_id = DEF123GHIJ
        apple_push_url = localhost:%d
        apple_ca_file = %s
        """,
        index,
        index,
        tls.clientKey().toAbsolutePath(),
        relay.port(),
        tls.ca().toAbsolutePath());
  }

  @AfterEach
  void end() throws Exception {
    if (server != null) {
      server.kill();
    }
    await(vertx.close());
  }

  /** One connection on which requests follow each other without waiting for their answers. */
  private final class Client implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;

    Client() throws IOException {
      URI url = server.url();
      socket = new Socket(url.getHost(), url.getPort());
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(PATIENCE_S));
      in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
    }

    /** Sends some pushes of this event, and counts what comes of them. */
    void send(String event, String content, int count) throws IOException {
      StringBuilder requests = new StringBuilder();
      for (int i = 0; i < count; i++) {
        String body = body(event, content);
        requests.append(
            "POST /push HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length()
                + "\r\n\r\n"
                + body);
      }
      socket.getOutputStream().write(requests.toString().getBytes(StandardCharsets.US_ASCII));
      for (int i = 0; i < count; i++) {
        count(answer());
      }
    }

    private String body(String event, String content) {
      long mine = number.incrementAndGet();
      return String.format(
          Locale.ROOT,
          """
          {"app-id":"com.example.phone%d","platform":"apple","token":"%064x","event":"%s",\
          "call-id":"call-%d","media-type":"%s","from":"sip:alice@example.com",\
          "to":"sip:bob@example.com","content":"%s","content-type":"text/plain"}""",
          mine % APPLICATIONS,
          mine,
          event,
          mine,
          event.equals("message") ? "sms" : "audio",
          content);
    }

    private int answer() throws IOException {
      int length = 0;
      int status = 0;
      boolean hasPause = false;
      for (String line = line(); !line.isEmpty(); line = line()) {
        Matcher first = STATUS.matcher(line);
        if (first.matches()) {
          status = Integer.parseInt(first.group(1));
        } else if (line.startsWith("content-length: ")) {
          length = Integer.parseInt(line.substring("content-length: ".length()));
        }
        hasPause |= line.equalsIgnoreCase("retry-after: 1");
      }
      in.skipNBytes(length);
      assertEquals(status == 503, hasPause, "when to come again");
      return status;
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int one = in.readUnsignedByte(); one != '\n'; one = in.readUnsignedByte()) {
        if (one != '\r') {
          line.append((char) one);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private void count(int status) {
    assertTrue(status == 202 || status == 503, () -> "answered with " + status);
    (status == 202 ? accepted : refused).incrementAndGet();
  }

  /** Sends so many messages over some connections at a time, for a bounded time. */
  private void flood(int messages) throws Exception {
    String content = "x".repeat(900);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(FLOOD_S);
    ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        all.add(
            clients.submit(
                () -> {
                  try (Client client = new Client()) {
                    for (int sent = 0;
                        sent < messages / CLIENTS && System.nanoTime() < end;
                        sent += AT_A_TIME) {
                      client.send("message", content, AT_A_TIME);
                    }
                  }
                  return null;
                }));
      }
      for (Future<?> one : all) {
        Object unused = one.get(FLOOD_S + PATIENCE_S, TimeUnit.SECONDS);
      }
    } finally {
      clients.shutdownNow();
    }
  }

  private double metric(String name) throws Exception {
    return metric(name, "");
  }

  /** The sum of a metric over all series that have this label. */
  private double metric(String name, String label) throws Exception {
    return server
        .get("/metrics")
        .lines()
        .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
        .filter(line -> line.contains(label))
        .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
        .sum();
  }

  private void untilMetric(String name, double value) throws Exception {
    untilMetric(name, "", value);
  }

  private void untilMetric(String name, String label, double value) throws Exception {
    until(
        Duration.ofSeconds(PATIENCE_S),
        () -> metric(name, label) == value,
        () -> name + " is not " + value);
  }

  /** A call comes to the push service. */
  private void ring(Client client) throws Exception {
    int arrived = apns.ledger().arrivals();
    client.send("incoming_session", "", 1);
    await(apns.ledger().untilArrivals(arrived + 1));
  }

  /** All that waits goes out, and nothing of it stays. */
  private void drain() throws Exception {
    await(relay.accept());
    untilMetric("pushserver_pushes_waiting", 0);
    untilMetric("pushserver_pushes_in_flight", 0);
    isAlive();
    assertEquals(0, metric("pushserver_queue_memory_bytes"));
    try (Client client = new Client()) {
      Recovery.assertQuick(() -> ring(client));
    }
    untilMetric("pushserver_pushes_in_flight", 0);
    recovery.assertMemoryIsBack();
  }

  private void lose() throws Exception {
    await(relay.refuse());
    untilMetric("pushserver_application_state", "state=\"connected\"", 0);
  }

  private void isAlive() {
    assertFalse(server.ranOutOfMemory(), server::log);
  }

  @Test
  @Timeout(1_800)
  void whateverIsOfferedWhileNothingCanBeSentTheServerLives() throws Exception {
    try (Client client = new Client()) {
      // Each application has its connection from then on.
      client.send("incoming_session", "", APPLICATIONS);
      await(apns.ledger().untilArrivals(APPLICATIONS));
      client.send("message", "x".repeat(5_000), 1);
    }
    untilMetric("pushserver_pushes_in_flight", 0);
    recovery = new Recovery(server.pid());
    lose();
    assertEquals(1, metric("pushserver_pushes_ended_total", "outcome=\"refused\""), "too long");
    accepted.set(0);
    flood(FLOOD);
    isAlive();
    assertTrue(accepted.get() > 1_000, () -> accepted + " were accepted");
    assertTrue(refused.get() > 1_000, () -> refused + " were refused");
    assertTrue(
        metric("pushserver_queue_memory_bytes") <= metric("pushserver_queue_memory_limit_bytes"));
    assertEquals(refused.get(), metric("pushserver_queue_memory_refused_total"));
    assertEquals(accepted.get(), metric("pushserver_pushes_waiting"));
    int messages = accepted.get();
    try (Client client = new Client()) {
      client.send("incoming_session", "", AT_A_TIME);
      assertEquals(messages + AT_A_TIME, accepted.get(), "calls have a fifth for themselves");
      Recovery.assertQuick(() -> client.send("incoming_session", "", 1));
    }

    drain();
    int all = accepted.get();
    assertEquals(APPLICATIONS + all, apns.ledger().taken().size());
    assertEquals(
        APPLICATIONS + all, metric("pushserver_pushes_ended_total", "outcome=\"delivered\""));

    // Had the memory not come back, this would be too much.
    lose();
    flood(FLOOD / 10);
    isAlive();
    assertTrue(accepted.get() > all + 1_000, () -> accepted + " were accepted in all");
    drain();
  }
}
