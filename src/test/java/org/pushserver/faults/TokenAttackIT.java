// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.Future;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pushserver.fake.FakeFcm;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.RawServer;
import org.pushserver.fake.TestAccount;
import org.pushserver.push.AppKey;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Delivery;
import org.slf4j.LoggerFactory;

/** A token server goes out of its mind, or into somebody else's hands. */
class TokenAttackIT {
  private static final AppKey NEIGHBOUR = new AppKey("com.example.other", AppKey.FIREBASE);
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";

  /** What the machine itself takes on loopback before anybody has read it. */
  private static final long MOST_BYTES = 32L << 20;

  enum Attack {
    ENDLESS_BODY {
      @Override
      void on(RawServer.Wire wire) {
        send(wire, CHUNKED);
        wire.flood("4000\r\n" + "x".repeat(0x4000) + "\r\n");
      }
    },
    FOUR_HUNDRED_MEGABYTES {
      @Override
      void on(RawServer.Wire wire) {
        send(wire, "HTTP/1.1 200 OK\r\ncontent-length: 419430400\r\n\r\n");
        wire.flood(" ".repeat(0x4000));
      }
    },
    ENDLESS_HEADERS {
      @Override
      void on(RawServer.Wire wire) {
        send(wire, "HTTP/1.1 200 OK\r\n");
        wire.flood("x-more: " + "x".repeat(1000) + "\r\n");
      }
    },
    ENDLESS_CONTINUE {
      @Override
      void on(RawServer.Wire wire) {
        wire.flood("HTTP/1.1 100 Continue\r\n\r\n");
      }
    },
    HEADERS_THEN_BYTE_BY_BYTE {
      @Override
      void on(RawServer.Wire wire) {
        send(wire, "HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
        wire.drip("{");
      }
    },
    BLANK_BY_BLANK {
      @Override
      void on(RawServer.Wire wire) {
        send(wire, CHUNKED);
        wire.drip("1\r\n \r\n");
      }
    },
    HEADERS_BYTE_BY_BYTE {
      @Override
      void on(RawServer.Wire wire) {
        wire.drip("H");
      }
    },
    OTHER_PROTOCOL {
      @Override
      void on(RawServer.Wire wire) {
        send(wire, "220 mail.example.com ESMTP\r\n\r\n");
      }
    },
    END_IN_THE_MIDDLE {
      @Override
      void on(RawServer.Wire wire) {
        send(wire, "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{");
        wire.close();
      }
    },
    SILENCE {
      @Override
      void on(RawServer.Wire wire) {}
    };

    abstract void on(RawServer.Wire wire);

    private static void send(RawServer.Wire wire, String bytes) {
      Future<Void> unused = wire.write(bytes);
    }
  }

  @TempDir static Path dir;
  private static final TestAccount account = TestAccount.shared();

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private LogTrail library;
  @RegisterExtension private final FaultFixture fixture = new FaultFixture();
  private FakeFcm fcm;
  private RawServer attacker;

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger("org.pushserver.fcm.OauthToken");
  }

  @BeforeEach
  void start() throws Exception {
    log.start();
    logger().setLevel(Level.WARN);
    logger().addAppender(log);
    library = new LogTrail("io.vertx");
    fcm = fixture.fcm();
    attacker = await(new RawServer(fixture.peers).start());
  }

  @AfterEach
  void close() throws Exception {
    logger().detachAppender(log);
    logger().setLevel(null);
    library.close();
  }

  private AppConfig application(AppKey key, String file, String tokenUri, Duration requestTimeout)
      throws Exception {
    return fixture.config(
        key,
        Map.of(
            "firebase_authorization_file", account.write(dir.resolve(file), tokenUri).toString(),
            "firebase_push_url", "https://localhost:" + fcm.port(),
            "firebase_ca_file", fixture.tls.ca().toString()),
        Map.of(),
        new Delivery(Duration.ofSeconds(30), Duration.ofHours(2), requestTimeout, 1000, 4));
  }

  private Outcome ring(AppKey key) throws Exception {
    Future<Outcome> end = fixture.send(fixture.books.ring(key, fixture.time.now()));
    fixture.passUntil(end);
    return end.result();
  }

  private void ringNeighbour() throws Exception {
    assertEquals(Result.DELIVERED, ring(NEIGHBOUR).result());
  }

  @ParameterizedTest
  @EnumSource
  @Timeout(120)
  void itStopsNobodyElseCostsNoMemoryAndIsForgottenWhenItIsOver(Attack attack) throws Exception {
    attacker.script(attack::on);
    String uri = "http://127.0.0.1:" + attacker.port() + "/token";
    fixture.start(
        application(FaultFixture.ANDROID, attack + ".json", uri, Duration.ofSeconds(6)),
        // However slow this machine is while time is moved by hand.
        application(
            NEIGHBOUR,
            "good.json",
            "https://localhost:" + fcm.port() + "/token",
            Duration.ofMinutes(2)));
    ringNeighbour();
    Recovery recovery = new Recovery(ProcessHandle.current().pid());
    Future<Outcome> end =
        fixture.send(fixture.books.ring(FaultFixture.ANDROID, fixture.time.now()));
    while (attacker.requests() == 0) {
      fixture.turn();
    }
    Recovery.assertQuick(this::ringNeighbour);
    fixture.passUntil(end);
    Outcome expired = end.result();
    assertEquals(Result.EXPIRED, expired.result());
    assertEquals(504, expired.response().code());
    assertTrue(expired.response().reason().contains("token server " + uri), expired.toString());
    assertTrue(attacker.requests() > 1, "it is asked again");
    assertTrue(attacker.mostBytes() < MOST_BYTES, "read " + attacker.mostBytes());
    assertEquals(1, warnings(), "one warning while it lasts");
    assertEquals(List.of(), library.lines(Level.ERROR), "and no line of a library beside it");

    attacker.answer("{\"access_token\": \"healed\", \"expires_in\": 3600}");
    assertEquals(Result.DELIVERED, ring(FaultFixture.ANDROID).result());
    assertEquals("Bearer healed", fcm.pushes().get(fcm.pushes().size() - 1).authorization());
    long before = fixture.time.now();
    assertEquals(Result.DELIVERED, ring(FaultFixture.ANDROID).result());
    assertTrue(fixture.time.now() - before < 20_000, "nothing is left of it");
    Recovery.assertQuick(() -> assertEquals(Result.DELIVERED, ring(FaultFixture.ANDROID).result()));
    while (attacker.open() > 0) {
      fixture.turn();
    }
    recovery.assertMemoryIsBack();
    fixture.balance();
  }

  private long warnings() {
    return List.copyOf(log.list).stream().filter(line -> line.getLevel() == Level.WARN).count();
  }
}
