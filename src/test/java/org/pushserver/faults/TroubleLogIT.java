// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.faults;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.awaitAll;

import ch.qos.logback.classic.Level;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.fake.ApnsCall;
import org.pushserver.fake.ApnsPeer;
import org.pushserver.fake.LogTrail;
import org.pushserver.fake.Relay;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;

/** What an operator reads of typical troubles: once, at WARN, and in words. */
@Timeout(120)
class TroubleLogIT {
  /** What belongs to the program, not to its operator. */
  private static final Pattern PROGRAMMERS =
      Pattern.compile("Exception|Error\\b|\\bnull\\b|\\b(?:java|javax|io|org)\\.[a-z]+\\.");

  @RegisterExtension private final FaultFixture fixture = new FaultFixture();
  private ApnsPeer apns;
  private Relay relay;
  private LogTrail all;
  private LogTrail pushes;

  @BeforeEach
  void start() throws Exception {
    all = new LogTrail("org.pushserver");
    pushes = new LogTrail("org.pushserver.push");
    apns = fixture.apns(100);
    relay = fixture.relay(apns.port());
    fixture.start(fixture.apple(relay.port()));
    await(apns.untilConnections(1));
    fixture.settle();
  }

  @AfterEach
  void close() throws Exception {
    pushes.close();
    all.close();
  }

  private List<String> outages() {
    return pushes.lines(Level.WARN).stream().filter(line -> line.contains("] outage of ")).toList();
  }

  private void assertInWords() {
    List<String> lines = new ArrayList<>();
    for (LogTrail trail : List.of(all, pushes)) {
      for (Level level : List.of(Level.INFO, Level.WARN, Level.ERROR)) {
        lines.addAll(trail.lines(level));
      }
    }
    assertTrue(lines.size() > 3, lines::toString);
    assertEquals(
        List.of(), lines.stream().filter(line -> PROGRAMMERS.matcher(line).find()).toList());
  }

  private void assertBeginAndEnd(String begin) {
    assertEquals(2, outages().size(), () -> String.join("\n", pushes.lines(Level.WARN)));
    assertTrue(outages().get(0).contains(begin), outages().get(0));
    assertTrue(outages().get(1).contains("outage of apple has ended after "), outages().get(1));
    assertInWords();
  }

  @Test
  void aServiceThatIsBusyForAWhileIsToldWhenItBeginsAndWhenItEnds() throws Exception {
    apns.does(call -> call.defer(503, "ServiceUnavailable"));
    List<Future<Outcome>> ends = fixture.sendAll(fixture.messages(300));
    fixture.passAnswered(Duration.ofSeconds(30));
    assertEquals(1, outages().size());
    apns.does(ApnsCall::take);
    fixture.passAnswered(Duration.ofSeconds(60));
    awaitAll(ends).forEach(end -> assertEquals(Result.DELIVERED, end.result()));
    assertBeginAndEnd("it answers 503 ServiceUnavailable");
  }

  @Test
  void aServiceThatDoesNotAnswerIsToldWithWhatExpired() throws Exception {
    apns.does(ApnsCall::keep);
    List<Future<Outcome>> ends = fixture.sendAll(fixture.rings(20));
    await(apns.ledger().untilArrivals(20));
    fixture.passUntil(Future.all(ends));
    awaitAll(ends).forEach(end -> assertEquals(Result.EXPIRED, end.result()));
    assertEquals(1, outages().size(), () -> outages().toString());
    assertEquals(
        5,
        pushes.lines(Level.WARN).stream().filter(line -> line.contains("result=EXPIRED")).count());
    apns.does(ApnsCall::take);
    Future<Outcome> last = fixture.send(fixture.ring());
    fixture.passUntil(last);
    fixture.pass(Duration.ofSeconds(7));
    assertTrue(outages().get(1).contains(" 20 pushes expired"), outages().get(1));
    assertInWords();
  }

  @Test
  void aConnectionThatIsLostAndCannotBeMadeAnewIsToldWhenItIsBack() throws Exception {
    await(relay.refuse());
    await(relay.reset());
    Future<Outcome> end = fixture.send(fixture.ring());
    fixture.pass(Duration.ofSeconds(20));
    assertEquals(1, outages().size(), () -> outages().toString());
    await(relay.accept());
    fixture.passUntil(end);
    assertEquals(Result.DELIVERED, await(end).result());
    fixture.pass(Duration.ofSeconds(7));
    assertBeginAndEnd("no connection: ");
  }
}
