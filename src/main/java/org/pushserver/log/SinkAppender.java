// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/**
 * The lines on their way to one sink: a bounded queue, and the thread that empties it. Whoever logs
 * never waits. When the queue is full, or the sink fails, lines are dropped and counted, and the
 * log says how many as soon as it can.
 */
public final class SinkAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {
  /** Where the journal listens. */
  public static final Path JOURNAL = Path.of("/run/systemd/journal/socket");

  /** What an event holds that has no long texts, and what a stack trace adds. */
  private static final int EVENT = 500;

  private static final int STACK = 16_000;
  private static final int LONGEST = 8_192;
  private static final int BATCH = 1_024;
  private static final long LAST_LINES_MS = 2_000;
  private static final String LOGGER = "org.pushserver.log.SinkAppender";

  /** Wakes the thread when there is nothing more to come. */
  private static final ILoggingEvent END = new LoggingEvent();

  /** Lines are of very different lengths, with debug = yes above all: a part of the heap. */
  private static final long MOST_BYTES =
      Math.max(1024 * 1024, Runtime.getRuntime().maxMemory() / 32);

  private final BlockingQueue<ILoggingEvent> queue = new ArrayBlockingQueue<>(LONGEST);
  private final AtomicLong bytes = new AtomicLong();
  private final LongAdder dropped;
  private final Sink sink;
  private final Thread thread;
  private volatile boolean ending;

  /** How many of the dropped have been told; of this appender's thread alone. */
  private long told;

  /** Whether lines were lost by the last write; of this appender's thread alone. */
  private boolean failing;

  SinkAppender(String name, LoggerContext logback, Sink sink) {
    this.sink = sink;
    this.dropped = DroppedLines.of(name);
    this.told = dropped.sum();
    this.thread = new Thread(this::run, "pushserver-log-" + name);
    thread.setDaemon(true);
    setName(name);
    setContext(logback);
  }

  /** Writes to standard output. */
  public static SinkAppender console(LoggerContext logback, boolean json) {
    return new SinkAppender("console", logback, new ConsoleSink(format(json)));
  }

  /** Appends to a file, which is opened by the first line. */
  public static SinkAppender file(LoggerContext logback, boolean json, LogFile file) {
    return new SinkAppender("file", logback, new FileSink(format(json), file));
  }

  /**
   * Writes to systemd's journal, with fields to search by.
   *
   * @param socket where the journal listens, {@link #JOURNAL} unless it is a test's
   * @return empty where this machine's system or processor is none that it works on
   */
  public static Optional<SinkAppender> journal(LoggerContext logback, Path socket) {
    return JournalSink.open(socket).map(sink -> new SinkAppender("journal", logback, sink));
  }

  private static Format format(boolean json) {
    ZoneId zone = ZoneId.systemDefault();
    return json ? new JsonFormat(zone) : new TextFormat(zone);
  }

  @Override
  public void start() {
    super.start();
    thread.start();
  }

  @Override
  protected void append(ILoggingEvent event) {
    int weight = weight(event);
    if (bytes.addAndGet(weight) > MOST_BYTES || !queue.offer(event)) {
      bytes.addAndGet(-weight);
      dropped.increment();
    }
  }

  /** About what an event holds, in bytes; always the same of the same. */
  private static int weight(ILoggingEvent event) {
    LogLine line = Format.line(event);
    if (line != null) {
      return line.bytes();
    }
    int weight = event.getThrowableProxy() == null ? EVENT : EVENT + STACK;
    if (event.getArgumentArray() != null) {
      for (Object argument : event.getArgumentArray()) {
        weight += argument instanceof CharSequence text ? text.length() : 0;
      }
    }
    return weight;
  }

  private void run() {
    try {
      Gathering.run(queue, BATCH, () -> ending, this::writeAll);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sink.close();
    }
  }

  private void writeAll(List<ILoggingEvent> batch) {
    int written = batch.stream().mapToInt(SinkAppender::weight).sum();
    writeWhateverHappens(batch);
    bytes.addAndGet(-written);
  }

  /** Without this thread there would be no log any more, and nobody to say so. */
  private void writeWhateverHappens(List<ILoggingEvent> batch) {
    try {
      write(batch);
    } catch (RuntimeException | Error e) {
      failing = false;
    }
  }

  private void write(List<ILoggingEvent> batch) {
    if (ending) {
      batch.remove(END);
    }
    int lost = send(batch);
    dropped.add(lost);
    if (lost > 0) {
      tellTrouble();
      return;
    }
    failing = false;
    long all = dropped.sum();
    if (all > told && send(List.of(event(all - told + " log lines were dropped"))) == 0) {
      told = all;
    }
  }

  /** In the other logs: this one cannot tell. */
  private void tellTrouble() {
    if (!failing) {
      failing = true;
      getLogger()
          .error("the log to the {} fails: {}; lines are dropped", getName(), sink.trouble());
    }
  }

  private org.slf4j.Logger getLogger() {
    return ((LoggerContext) getContext()).getLogger(LOGGER);
  }

  private ILoggingEvent event(String message) {
    return new LoggingEvent(
        LOGGER, ((LoggerContext) getContext()).getLogger(LOGGER), Level.WARN, message, null, null);
  }

  private int send(List<ILoggingEvent> events) {
    try {
      return sink.write(events);
    } catch (RuntimeException | Error e) {
      return events.size();
    }
  }

  /** Writes what is left, for a bounded time: a sink that is stuck must not keep the process. */
  @Override
  public void stop() {
    if (!isStarted()) {
      return;
    }
    super.stop();
    ending = true;
    if (queue.isEmpty()) {
      append(END);
    }
    try {
      thread.join(LAST_LINES_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
