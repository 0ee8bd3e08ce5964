// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.until;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class SinkAppenderTest {
  /** More than the queue takes. */
  private static final int FLOOD = 20_000;

  /** A sink that a test holds up, and lets fail. */
  private static final class TestSink implements Sink {
    final Semaphore open = new Semaphore(0);
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch closed = new CountDownLatch(1);
    final LinkedBlockingQueue<String> written = new LinkedBlockingQueue<>();
    volatile boolean broken;
    volatile Error thrown;

    @Override
    public int write(List<ILoggingEvent> events) {
      reached.countDown();
      open.acquireUninterruptibly();
      open.release();
      if (thrown != null) {
        throw thrown;
      }
      if (broken) {
        return events.size();
      }
      events.forEach(event -> written.add(event.getFormattedMessage()));
      return 0;
    }

    @Override
    public String trouble() {
      return "broken";
    }

    @Override
    public void close() {
      closed.countDown();
    }

    List<String> until(int lines) throws InterruptedException {
      List<String> taken = new ArrayList<>();
      while (taken.size() < lines) {
        String line = written.poll(10, TimeUnit.SECONDS);
        assertTrue(line != null, () -> "only " + taken.size() + " lines came");
        taken.add(line);
      }
      return taken;
    }
  }

  private final TestSink sink = new TestSink();
  private final String name = "test-" + System.nanoTime();
  private final SinkAppender appender = new SinkAppender(name, Events.LOGBACK, sink);

  @AfterEach
  void stop() {
    sink.open.release();
    appender.stop();
  }

  private long dropped() {
    return DroppedLines.of(name).sum();
  }

  @Test
  void linesComeOutInTheirOrderAndTheLastOnesBeforeItStops() throws Exception {
    sink.open.release();
    appender.start();
    for (int i = 0; i < 3_000; i++) {
      appender.doAppend(Events.message("line " + i));
    }
    appender.stop();
    assertTrue(sink.closed.await(10, TimeUnit.SECONDS));
    List<String> lines = sink.until(3_000);
    assertEquals("line 0", lines.get(0));
    assertEquals("line 2999", lines.get(2_999));
    assertEquals(0, dropped());
  }

  @Test
  void whatASinkThatIsStuckCannotTakeIsDroppedCountedAndToldWhenItGoesOn() throws Exception {
    appender.start();
    appender.doAppend(Events.message("first"));
    assertTrue(sink.reached.await(10, TimeUnit.SECONDS));
    for (int i = 0; i < FLOOD; i++) {
      appender.doAppend(Events.message("more"));
    }
    long dropped = dropped();
    int kept = FLOOD + 1 - (int) dropped;
    assertTrue(dropped > 0 && kept >= 8_192, "dropped " + dropped);
    sink.open.release();
    // Told with the first batch that came through; the other lines follow.
    List<String> lines = sink.until(kept + 1);
    assertEquals("first", lines.get(0));
    assertEquals(
        List.of(dropped + " log lines were dropped"),
        lines.stream().filter(line -> line.endsWith("were dropped")).toList());
  }

  @Test
  void aSinkThatIsStuckHoldsNoMoreBytesThanAPartOfTheHeap() throws Exception {
    appender.start();
    appender.doAppend(Events.message("first"));
    assertTrue(sink.reached.await(10, TimeUnit.SECONDS));
    String text = "x".repeat(100_000);
    int flood = 8_000;
    for (int i = 0; i < flood; i++) {
      appender.doAppend(
          Events.of(Level.INFO, LogLine.MESSAGE, null, LogLine.of("request", to -> {}, text)));
    }
    long kept = flood - dropped();
    assertTrue(
        kept * text.length() <= Math.max(1 << 20, Runtime.getRuntime().maxMemory() / 32),
        () -> kept + " lines are kept");
    sink.open.release();
    assertEquals("first", sink.until(1).get(0));
  }

  @Test
  void whatASinkFailsToWriteIsCountedAndToldWhenItWorksAgain() throws Exception {
    sink.open.release();
    sink.broken = true;
    appender.start();
    appender.doAppend(Events.message("lost"));
    assertTrue(sink.reached.await(10, TimeUnit.SECONDS));
    until(() -> dropped() > 0, () -> "no line was dropped");
    sink.broken = false;
    appender.doAppend(Events.message("written"));
    assertEquals(List.of("written", "1 log lines were dropped"), sink.until(2));
  }

  @Test
  void whateverASinkThrowsTheLogGoesOn() throws Exception {
    sink.open.release();
    sink.thrown = new StackOverflowError("of a test");
    appender.start();
    appender.doAppend(Events.message("lost"));
    until(() -> dropped() > 0, () -> "no line was dropped");
    sink.thrown = null;
    appender.doAppend(Events.message("written"));
    assertEquals(List.of("written", "1 log lines were dropped"), sink.until(2));
  }

  @Test
  void aSinkThatIsStuckDoesNotKeepTheProcess() throws Exception {
    appender.start();
    appender.doAppend(Events.message("never written"));
    assertTrue(sink.reached.await(10, TimeUnit.SECONDS));
    // Ends by the test's time-out when it waits for the sink.
    appender.stop();
    assertEquals(1, sink.closed.getCount());
  }
}
