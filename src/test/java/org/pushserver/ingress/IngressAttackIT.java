// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pushserver.api.SampleRequest;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.Access;
import org.pushserver.config.AddressList;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.Limits;
import org.pushserver.config.Rate;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.Tls;
import org.pushserver.push.Outcome;

/** Attacks on the door's patience and memory: each ends, and leaves the door as it was. */
@Timeout(120)
class IngressAttackIT {
  private static final int ATTACKERS = 200;

  private static IngressTls authority;
  private static X509Bundle server;
  private static SSLContext trusting;

  private final List<AutoCloseable> opened = new ArrayList<>();
  private TestIngress door;

  @BeforeAll
  static void certify() throws Exception {
    authority = IngressTls.create();
    server = authority.certify("door");
    trusting = authority.client();
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable one : opened) {
      one.close();
    }
    door.close();
  }

  private void open() {
    open(null, Limits.DEFAULT);
  }

  private void openTls() {
    open(IngressTls.tls(server), Limits.DEFAULT);
  }

  private void open(Tls tls, Limits limits) {
    ServerSettings settings = TestIngress.settings(tls, true, Access.OPEN, limits);
    door = TestIngress.open(ScriptedDispatcher.withSamples(), settings);
  }

  private RawClient client() throws IOException {
    RawClient client = new RawClient(door.port());
    opened.add(client);
    return client;
  }

  private RawHttp2 http2() throws IOException {
    RawHttp2 client = new RawHttp2(trusting, door.port());
    opened.add(client);
    return client;
  }

  /** Asks on new connections, one after another, until so many are open beside the asking one. */
  private void awaitConnections(int expected) throws IOException {
    for (int tries = 0; tries < 10_000; tries++) {
      int open;
      try (RawClient asking = new RawClient(door.port())) {
        asking.send("GET / HTTP/1.1\r\nHost: door\r\n\r\n");
        assertEquals(200, asking.receive().status());
        open = door.ingress.connections() - 1;
      }
      if (open == expected) {
        return;
      }
    }
    assertEquals(expected, door.ingress.connections() - 1);
  }

  private void assertGoodPushPasses() throws IOException {
    int before = door.dispatcher.pushes().size();
    try (RawClient client = new RawClient(door.port())) {
      assertEquals(
          200, client.exchange(RawClient.post("/push", SampleRequest.apple().bytes())).status());
    }
    assertEquals(before + 1, door.dispatcher.pushes().size());
  }

  private void assertGoodSecurePushPasses() throws IOException {
    int before = door.dispatcher.pushes().size();
    try (RawHttp2 client = new RawHttp2(trusting, door.port())) {
      client.begin(1);
      client.send(RawHttp2.DATA, RawHttp2.END_STREAM, 1, SampleRequest.apple().bytes());
      assertTrue(client.answer(1).startsWith("{\"code\":200,"));
    }
    assertEquals(before + 1, door.dispatcher.pushes().size());
  }

  @Test
  void slowHeadsLoseTheirConnections() throws IOException {
    open();
    List<RawClient> slow = new ArrayList<>();
    for (int i = 0; i < ATTACKERS; i++) {
      slow.add(client());
      slow.get(i).send("POST /push HTTP/1.1\r\nHost: door\r\nX-A: b\r\n");
    }
    awaitConnections(ATTACKERS);
    assertGoodPushPasses();
    for (int round = 0; round < 3; round++) {
      door.pass(Duration.ofSeconds(15));
      for (RawClient client : slow) {
        client.send("X-" + round + ": b\r\n");
      }
    }
    door.pass(Duration.ofSeconds(20));
    for (RawClient client : slow) {
      assertTrue(client.isClosedByServer());
    }
    awaitConnections(0);
    assertGoodPushPasses();
  }

  @Test
  void slowBodiesLoseTheirConnections() throws IOException {
    open();
    List<RawClient> slow = new ArrayList<>();
    for (int i = 0; i < ATTACKERS; i++) {
      slow.add(client());
      slow.get(i).send("POST /push HTTP/1.1\r\nHost: door\r\nContent-Length: 60000\r\n\r\n{");
    }
    awaitConnections(ATTACKERS);
    assertGoodPushPasses();
    for (int round = 0; round < 3; round++) {
      door.pass(Duration.ofSeconds(15));
      for (RawClient client : slow) {
        client.send(" ");
      }
    }
    door.pass(Duration.ofSeconds(20));
    for (RawClient client : slow) {
      assertEquals(408, client.receive().status());
      assertTrue(client.isClosedByServer());
    }
    awaitConnections(0);
    assertEquals(1, door.dispatcher.pushes().size());
    assertGoodPushPasses();
  }

  @Test
  void aSlowBodyOnABusyConnectionLosesItsStreamAlone() throws IOException {
    openTls();
    RawHttp2 client = http2();
    client.begin(1);
    client.send(RawHttp2.DATA, 0, 1, new byte[] {'{'});
    for (int stream = 3; stream < 9; stream += 2) {
      client.begin(stream);
      client.send(RawHttp2.DATA, RawHttp2.END_STREAM, stream, SampleRequest.apple().bytes());
      assertTrue(client.answer(stream).startsWith("{\"code\":200,"));
      door.pass(Duration.ofSeconds(15));
    }
    door.pass(Duration.ofSeconds(20));
    assertTrue(client.answer(1).startsWith("{\"code\":408,"));
    RawHttp2.Frame reset = client.next(frame -> frame.type() == RawHttp2.RESET);
    assertEquals(1, reset.stream());
    client.begin(9);
    client.send(RawHttp2.DATA, RawHttp2.END_STREAM, 9, SampleRequest.apple().bytes());
    assertTrue(client.answer(9).startsWith("{\"code\":200,"), "the connection is still good");
  }

  @Test
  void halfBodiesDoNotFillTheMemory() throws IOException {
    open();
    byte[] most = Arrays.copyOf(RawClient.post("/push", new byte[65_000]), 64_000);
    for (int round = 0; round < 2; round++) {
      List<RawClient> halves = new ArrayList<>();
      // More than the 16 MiB that all may have together.
      for (int i = 0; i < 300; i++) {
        RawClient client = new RawClient(door.port());
        halves.add(client);
        client.send(most);
      }
      RawClient.Answer refused = firstAnswer(halves);
      assertEquals(503, refused.status());
      assertEquals("1", refused.headers().get("retry-after"));
      for (RawClient client : halves) {
        client.close();
      }
      awaitConnections(0);
      assertGoodPushPasses();
    }
  }

  private RawClient.Answer firstAnswer(List<RawClient> clients) throws IOException {
    for (int tries = 0; tries < 1000; tries++) {
      for (RawClient client : clients) {
        if (client.hasAnswer()) {
          return client.receive();
        }
      }
      // A turn of the server's, which has more to read.
      try (RawClient asking = new RawClient(door.port())) {
        asking.send("GET / HTTP/1.1\r\nHost: door\r\n\r\n");
        assertEquals(200, asking.receive().status());
      }
    }
    throw new AssertionError("nobody was refused");
  }

  @Test
  void oneConnectionTooManyIsClosedAndTheOthersStay() throws IOException {
    Limits few =
        new Limits(65_536, 8192, Duration.ofSeconds(60), 20, 32, 65_536, 200, 250, Rate.UNLIMITED);
    open(null, few);
    List<RawClient> inside = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      RawClient client = client();
      client.send("GET / HTTP/1.1\r\nHost: door\r\n\r\n");
      assertEquals(200, client.receive().status());
      inside.add(client);
    }
    for (int i = 0; i < ATTACKERS; i++) {
      assertTrue(isTurnedAway());
    }
    assertEquals(20, door.ingress.connections());
    for (RawClient client : inside) {
      assertEquals(
          200, client.exchange(RawClient.post("/push", SampleRequest.apple().bytes())).status());
      client.close();
    }
    for (int tries = 0; tries < 10_000 && isTurnedAway(); tries++) {
      // The server needs a moment to see that the others have gone.
    }
    awaitConnections(0);
    assertGoodPushPasses();
    assertEquals(21, door.dispatcher.pushes().size());
  }

  private boolean isTurnedAway() {
    try (RawClient client = new RawClient(door.port())) {
      return client
              .exchange("GET / HTTP/1.1\r\nHost: door\r\n\r\n".getBytes(StandardCharsets.US_ASCII))
              .status()
          != 200;
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void whoNeverBeginsTlsIsNotWaitedFor() throws IOException {
    Limits hasty =
        new Limits(65_536, 8192, Duration.ofMillis(500), 20, 32, 65_536, 200, 250, Rate.UNLIMITED);
    open(IngressTls.tls(server), hasty);
    try (RawClient silent = new RawClient(door.port())) {
      assertTrue(silent.isClosedByServer());
    }
    assertEquals(0, door.ingress.connections());
    assertGoodSecurePushPasses();
  }

  @Test
  void whoNeverBeginsHttp2IsNotWaitedFor() throws IOException {
    Limits hasty =
        new Limits(65_536, 8192, Duration.ofMillis(500), 20, 32, 65_536, 200, 250, Rate.UNLIMITED);
    open(IngressTls.tls(server), hasty);
    try (RawHttp2 silent = RawHttp2.silent(trusting, door.port())) {
      assertTrue(silent.isClosedByServer());
    }
    assertGoodSecurePushPasses();
  }

  @Test
  void whoAsksAheadAndReadsNoAnswersIsCutOff() throws IOException {
    open();
    ByteBuffer requests =
        ByteBuffer.wrap(
            "GET /nothing HTTP/1.1\r\nHost: door\r\n\r\n"
                .repeat(1000)
                .getBytes(StandardCharsets.US_ASCII));
    SocketChannel deaf =
        SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), door.port()));
    opened.add(deaf);
    long most = 100_000_000;
    assertThrows(
        IOException.class,
        () -> {
          for (long sent = 0; sent < most; sent += requests.limit()) {
            requests.rewind();
            while (requests.hasRemaining()) {
              var unused = deaf.write(requests);
            }
          }
        },
        () -> most + " bytes of requests were read");
    awaitConnections(0);
    assertGoodPushPasses();
  }

  @Test
  void streamsBegunAndResetInTurnEndTheConnection() throws IOException {
    openTls();
    RawHttp2 attacker = http2();
    boolean cutOff = false;
    for (int stream = 1; stream < 40_000 && !cutOff; stream += 2) {
      try {
        attacker.begin(stream);
        attacker.reset(stream);
      } catch (IOException e) {
        cutOff = true;
      }
    }
    assertTrue(attacker.isClosedByServer());
    assertEquals(0, door.dispatcher.pushes().size());
    assertGoodSecurePushPasses();
  }

  @Test
  void pushesSentAndResetInTurnAreBounded() throws IOException {
    openTls();
    // Nothing is answered: a reset of what has its answer already costs no more than a push.
    door.dispatcher.deliverWith(push -> Promise.<Outcome>promise().future());
    RawHttp2 attacker = http2();
    byte[] body = SampleRequest.apple().bytes();
    boolean cutOff = false;
    for (int stream = 1; stream < 10_000 && !cutOff; stream += 2) {
      try {
        attacker.begin(stream);
        attacker.send(RawHttp2.DATA, RawHttp2.END_STREAM, stream, body);
        attacker.reset(stream);
      } catch (IOException e) {
        cutOff = true;
      }
    }
    assertTrue(attacker.isClosedByServer());
    int sent = door.dispatcher.pushes().size();
    assertTrue(sent <= 201, () -> sent + " pushes");
    door.dispatcher.deliverWith(push -> Future.succeededFuture(ScriptedDispatcher.DELIVERED));
    assertGoodSecurePushPasses();
  }

  @Test
  void aStrangerOverHttp2LosesTheConnection() throws IOException {
    Access nobody = new Access(AddressList.parse("192.0.2.1"), AddressList.NONE, ApiKeys.OPEN);
    door =
        TestIngress.open(
            ScriptedDispatcher.withSamples(),
            TestIngress.settings(IngressTls.tls(server), true, nobody, Limits.DEFAULT));
    RawHttp2 stranger = http2();
    stranger.begin(1);
    assertTrue(stranger.answer(1).startsWith("{\"code\":403,"));
    assertTrue(stranger.isClosedByServer());
  }

  @Test
  void anAnswerToAnUnfinishedRequestReleasesIt() throws IOException {
    openTls();
    RawHttp2 client = http2();
    for (int stream = 1; stream < 1000; stream += 2) {
      client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, stream, RawHttp2.get("/"));
      int asked = stream;
      RawHttp2.Frame reset =
          client.next(frame -> frame.type() == RawHttp2.RESET && frame.stream() == asked);
      assertEquals("\0\0\0\0", reset.text(), "no error");
    }
  }

  @Test
  void requestsBeyondTheLimitAreTurnedAwayWhileThoseThatWaitAreAnswered() throws IOException {
    Limits few =
        new Limits(65_536, 8192, Duration.ofSeconds(60), 20, 32, 65_536, 200, 10, Rate.UNLIMITED);
    open(IngressTls.tls(server), few);
    Promise<Outcome> outcome = Promise.promise();
    door.dispatcher.deliverWith(push -> outcome.future());
    RawHttp2 client = http2();
    for (int stream = 1; stream <= 21; stream += 2) {
      client.begin(stream);
      if (stream < 21) {
        client.send(RawHttp2.DATA, RawHttp2.END_STREAM, stream, SampleRequest.apple().bytes());
      }
    }
    RawHttp2.Frame refused = client.next(frame -> frame.type() == RawHttp2.RESET);
    assertEquals(21, refused.stream());
    assertEquals("\0\0\0\7", refused.text(), "refused, and so not looked at");
    outcome.complete(ScriptedDispatcher.DELIVERED);
    for (int stream = 1; stream < 21; stream += 2) {
      assertTrue(client.answer(stream).startsWith("{\"code\":200,"));
    }
  }

  @Test
  void headOverHttp2HasNoContentWhateverTheAnswer() throws IOException {
    openTls();
    RawHttp2 client = http2();
    int stream = 1;
    for (String path : List.of("/", "/docs", "/push", "/nope")) {
      int asked = stream;
      client.send(
          RawHttp2.HEADERS,
          RawHttp2.END_HEADERS | RawHttp2.END_STREAM,
          asked,
          RawHttp2.ask("HEAD", path));
      RawHttp2.Frame answer = client.next(frame -> frame.stream() == asked);
      assertEquals(RawHttp2.HEADERS, answer.type());
      assertTrue(answer.endsStream(), path);
      stream += 2;
    }
  }

  @Test
  void aRequestWithALineBreakInAHeaderOverHttp2IsRefused() throws IOException {
    openTls();
    RawHttp2 client = http2();
    client.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, RawHttp2.post("x-a", "b\r\nx-evil: 1"));
    RawHttp2.Frame reset = client.next(frame -> frame.type() == RawHttp2.RESET);
    assertEquals("\0\0\0\1", reset.text(), "a protocol error");
    assertEquals(0, door.dispatcher.pushes().size());
    client.begin(3);
    client.send(RawHttp2.DATA, RawHttp2.END_STREAM, 3, SampleRequest.apple().bytes());
    assertTrue(client.answer(3).startsWith("{\"code\":200,"), "the next head is looked at anew");
  }

  @Test
  void giantHeadsOverHttp2AreRefused() throws IOException {
    openTls();
    RawHttp2 giant = http2();
    byte[] block = RawHttp2.post("x", "y".repeat(12_000));
    giant.send(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, 1, block);
    RawHttp2.Frame end =
        giant.next(frame -> frame.stream() == 1 || frame.type() == RawHttp2.GO_AWAY);
    assertNotNull(end);
    assertTrue(end.type() != RawHttp2.DATA, end::toString);
    assertEquals(0, door.dispatcher.pushes().size());
    assertGoodSecurePushPasses();
  }

  @Test
  void headsWithoutEndOverHttp2EndTheConnection() throws IOException {
    openTls();
    RawHttp2 endless = http2();
    endless.send(RawHttp2.HEADERS, 0, 1, RawHttp2.post(null, null));
    boolean cutOff = false;
    for (int sent = 0; sent < 20_000 && !cutOff; sent++) {
      try {
        endless.send(RawHttp2.CONTINUATION, 0, 1, new byte[] {0, 1, 'x', 1, 'y'});
      } catch (IOException e) {
        cutOff = true;
      }
    }
    assertTrue(endless.isClosedByServer());
    assertGoodSecurePushPasses();
  }
}
