// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.hep;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.until;

import ch.qos.logback.classic.Level;
import io.vertx.core.buffer.Buffer;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.pushserver.config.HepSettings;
import org.pushserver.events.Attempt;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.ManualTime;
import org.pushserver.hep.HepReader.Chunks;
import org.pushserver.log.DroppedLines;
import org.pushserver.push.Answer;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;
import org.pushserver.spi.SamplePush;

/** What goes over the wire to one who listens, or does not. */
@Timeout(60)
class HomerIT {
  private static final Instant AT = Instant.parse("2027-01-15T08:00:00.061042Z");
  private static final Push PUSH =
      SamplePush.of(Event.INCOMING_SESSION).callId("a84b4c@pbx").push();
  private static final String APPLE = "https://17.188.1.2/3/device/ab";

  private final ManualTime time = new ManualTime(SamplePush.BORN);
  private final LogTrail log = new LogTrail(Homer.class.getName());
  private HepSender sender;

  @AfterEach
  void close() throws Exception {
    log.close();
    if (sender != null) {
      await(sender.close());
    }
  }

  private Homer homer(int port, PeerAddresses.Resolver resolver) {
    return homer(new HepSettings("homer.example.com", port, "geheim", "push-1", 7), resolver);
  }

  private Homer homer(HepSettings settings, PeerAddresses.Resolver resolver) {
    sender = new HepSender(settings, 8400, resolver, time);
    sender.start();
    return new Homer(sender, InstantSource.fixed(AT));
  }

  /** Everything but addresses leads here. */
  private static InetAddress here(String name) throws UnknownHostException {
    return InetAddress.getByName(name.equals("homer.example.com") ? "127.0.0.1" : name);
  }

  private static Attempt attempt(Answer answer, Throwable failure) {
    Payload payload = new Payload(Map.of(), Buffer.buffer("{}"));
    return new Attempt(1, payload, answer, failure, SamplePush.BORN, 61_000_000);
  }

  private static Outcome delivered() {
    return new Outcome(Outcome.Result.DELIVERED, new Response(200, "", APPLE, "{}"), 1);
  }

  @Test
  void eachAttemptAndEachEndIsOneMessageWithTheCallId() throws Exception {
    try (HepReader reader = new HepReader()) {
      Homer homer = homer(reader.port(), HomerIT::here);
      homer.accepted(PUSH, true);
      homer.attempted(
          PUSH, attempt(new Answer.Delivered(new Response(200, "", APPLE, "{}")), null));
      homer.ended(PUSH, delivered(), SamplePush.BORN + 62);
      Chunks attempt = reader.next();
      assertEquals("a84b4c@pbx", attempt.text(17));
      assertEquals(
          "attempt call-id=a84b4c@pbx app=com.example.phone platform=apple event=incoming_session"
              + " device=token-12... attempt=1 status=200 ms=61 bytes=2",
          attempt.text(15));
      assertEquals("127.0.0.1:8400", attempt.address(3) + ":" + attempt.number(7));
      assertEquals("17.188.1.2:443", attempt.address(4) + ":" + attempt.number(8));
      assertEquals(100, attempt.number(11));
      assertEquals(AT.getEpochSecond(), attempt.number(9));
      assertEquals(61_042, attempt.number(10));
      assertEquals("geheim", attempt.text(14));
      assertEquals("push-1", attempt.text(19));
      assertEquals(7, attempt.number(12));
      Chunks end = reader.next();
      assertEquals("a84b4c@pbx", end.text(17));
      assertEquals(
          "outcome call-id=a84b4c@pbx app=com.example.phone platform=apple event=incoming_session"
              + " device=token-12... result=DELIVERED status=200 attempts=1 ms=62",
          end.text(15));
      assertEquals("17.188.1.2:443", end.address(3) + ":" + end.number(7));
      assertEquals("127.0.0.1:8400", end.address(4) + ":" + end.number(8));
    }
  }

  @Test
  void whereAnAttemptWentThatWasNotSentIsNotKnownAndNothingIsMadeUp() throws Exception {
    try (HepReader reader = new HepReader()) {
      Homer homer = homer(reader.port(), HomerIT::here);
      homer.late(PUSH, attempt(null, new NotSentException("gone")));
      homer.attempted(PUSH, attempt(null, new NotSentException("no connection")));
      Chunks attempt = reader.next();
      assertTrue(attempt.text(15).contains("failure=\"no connection\""), attempt.text(15));
      assertEquals("0.0.0.0:0", attempt.address(4) + ":" + attempt.number(8));
    }
  }

  @Test
  void aLateAnswerIsToldAsLate() throws Exception {
    try (HepReader reader = new HepReader()) {
      Homer homer = homer(reader.port(), HomerIT::here);
      homer.late(PUSH, attempt(new Answer.Delivered(new Response(200, "", APPLE, "{}")), null));
      assertTrue(reader.next().text(15).startsWith("late call-id=a84b4c@pbx "));
    }
  }

  @Test
  void whenNobodyListensThatIsCountedAndToldOnceInTenMinutes() throws Exception {
    int port;
    try (HepReader gone = new HepReader()) {
      port = gone.port();
    }
    long before = DroppedLines.of("homer").sum();
    Homer homer = homer(port, HomerIT::here);
    until(
        () -> {
          homer.ended(PUSH, delivered(), SamplePush.BORN);
          return DroppedLines.of("homer").sum() >= before + 3;
        },
        () -> log.lines().toString());
    String told = log.untilLogged("cannot be told of pushes: nobody listens there");
    assertTrue(told.startsWith("Homer at udp://homer.example.com:" + port), told);
    assertEquals(1, log.lines(Level.WARN).size(), () -> log.lines().toString());
    assertFalse(log.lines().toString().contains("geheim"));
    log.forget();
    time.advance(HepSender.REMINDER);
    until(
        () -> {
          homer.ended(PUSH, delivered(), SamplePush.BORN);
          return log.count("cannot be told of pushes") == 1;
        },
        () -> log.lines().toString());
  }

  @Test
  void aNameThatIsNotKnownIsAskedForAgainAfterAMinute() throws Exception {
    try (HepReader reader = new HepReader()) {
      boolean[] known = {false};
      Homer homer =
          homer(
              reader.port(),
              name -> {
                synchronized (known) {
                  if (!known[0] && name.equals("homer.example.com")) {
                    throw new UnknownHostException(name);
                  }
                }
                return here(name);
              });
      homer.ended(PUSH, delivered(), SamplePush.BORN);
      log.untilLogged("the name is not known; 1 messages were lost so far");
      synchronized (known) {
        known[0] = true;
      }
      time.advance(HepSender.LOOK_UP_AGAIN);
      homer.ended(PUSH, delivered(), SamplePush.BORN);
      assertEquals("a84b4c@pbx", reader.next().text(17));
    }
  }

  @Test
  void whenTheNameLeadsElsewhereMessagesFollow() throws Exception {
    try (HepReader first = new HepReader();
        HepReader second = new HepReader("127.0.0.2", first.port())) {
      boolean[] moved = {false};
      Homer homer =
          homer(
              first.port(),
              name -> {
                synchronized (moved) {
                  boolean isMoved = moved[0] && name.equals("homer.example.com");
                  return isMoved ? InetAddress.getByName("127.0.0.2") : here(name);
                }
              });
      homer.ended(PUSH, delivered(), SamplePush.BORN);
      assertEquals("a84b4c@pbx", first.next().text(17));
      synchronized (moved) {
        moved[0] = true;
      }
      homer.ended(PUSH, delivered(), SamplePush.BORN);
      assertEquals("a84b4c@pbx", first.next().text(17), "not yet");
      time.advance(HepSender.LOOK_UP_AGAIN);
      homer.ended(PUSH, delivered(), SamplePush.BORN);
      assertEquals("a84b4c@pbx", second.next().text(17));
    }
  }

  @Test
  void whatThereIsNoRoomForIsDroppedAndCountedAndWhatWaitsIsToldAtTheEnd() throws Exception {
    try (HepReader reader = new HepReader()) {
      long before = DroppedLines.of("homer").sum();
      HepSettings settings = new HepSettings("homer.example.com", reader.port(), "", "n", 7);
      sender = new HepSender(settings, 8400, HomerIT::here, time);
      Homer homer = new Homer(sender, InstantSource.fixed(AT));
      for (int i = 0; i < HepSender.LONGEST + 5; i++) {
        homer.ended(PUSH, delivered(), SamplePush.BORN);
      }
      assertEquals(before + 5, DroppedLines.of("homer").sum());
      sender.start();
      await(sender.close());
      assertEquals("a84b4c@pbx", reader.next().text(17));
      assertEquals(1, log.count("more come at once than can be sent; 5 messages were lost so far"));
    }
  }

  @Test
  void theEndWaitsNoLongerThanASecondForANameServer() throws Exception {
    long before = DroppedLines.of("homer").sum();
    Object lock = new Object();
    boolean[] over = {false};
    Homer homer =
        homer(
            9060,
            name -> {
              synchronized (lock) {
                while (!over[0]) {
                  try {
                    lock.wait();
                  } catch (InterruptedException e) {
                    throw new UnknownHostException("interrupted");
                  }
                }
              }
              throw new UnknownHostException(name);
            });
    homer.ended(PUSH, delivered(), SamplePush.BORN);
    var closed = homer.close();
    assertFalse(closed.isComplete());
    time.advance(Duration.ofSeconds(1));
    await(closed);
    synchronized (lock) {
      over[0] = true;
      lock.notifyAll();
    }
    // Others count the same: what its thread does last is not to come while the next test counts.
    until(
        () -> DroppedLines.of("homer").sum() == before + 1,
        () -> "dropped: " + (DroppedLines.of("homer").sum() - before));
  }
}
