// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.io.IOException;
import java.nio.BufferOverflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The journal of systemd, by its native protocol: one datagram for each entry, to a Unix socket.
 */
final class JournalSink implements Sink {
  /** Less than what a socket takes at a time. */
  private static final int LONGEST = 128 * 1024;

  /** What is left of an entry that is longer, in characters. */
  private static final int SHORTENED = 16 * 1024;

  private static final int TRIES = 100;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final UnixDatagrams journal;
  private final ByteBuffer datagram =
      ByteBuffer.allocateDirect(LONGEST).order(ByteOrder.LITTLE_ENDIAN);
  private final StringBuilder message = new StringBuilder();
  private String trouble = "";

  private JournalSink(UnixDatagrams journal) {
    this.journal = journal;
  }

  /** Empty where Netty has no native code for it. */
  static Optional<JournalSink> open(Path path) {
    return UnixDatagrams.to(path.toString()).map(JournalSink::new);
  }

  @Override
  public int write(List<ILoggingEvent> events) {
    trouble = "";
    int lost = 0;
    for (ILoggingEvent event : events) {
      lost += isWritten(event) ? 0 : 1;
    }
    return lost;
  }

  private boolean isWritten(ILoggingEvent event) {
    try {
      return isSent(event);
    } catch (RuntimeException | Error e) {
      // Whatever a line did: the others are none the worse for it.
      return isSent(Format.withoutValues(event));
    }
  }

  private boolean isSent(ILoggingEvent event) {
    message.setLength(0);
    TextFormat.appendMessage(event, message);
    try {
      try {
        put(event, Format.line(event));
      } catch (BufferOverflowException e) {
        message.setLength(Math.min(message.length(), SHORTENED));
        put(event, null);
      }
      return isSent();
    } catch (IOException e) {
      trouble = FileTrouble.words(e);
      return false;
    }
  }

  private void put(ILoggingEvent event, LogLine line) {
    datagram.clear();
    put("PRIORITY", priority(event.getLevel()));
    put("SYSLOG_IDENTIFIER", "pushserver");
    put("LOGGER", Format.part(event.getLoggerName()));
    if (line != null) {
      put("LINE", line.name());
      line.content().accept(new Entry());
    } else if (event.getThrowableProxy() != null) {
      message.append('\n').append(ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    put("MESSAGE", message.toString());
  }

  /** As syslog has them. */
  private static String priority(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> "3";
      case Level.WARN_INT -> "4";
      case Level.INFO_INT -> "6";
      default -> "7";
    };
  }

  /** The form with a length: the other one knows no values of several lines. */
  private void put(String name, String value) {
    byte[] bytes = value.getBytes(UTF_8);
    datagram.put(name.getBytes(UTF_8)).put((byte) '\n');
    datagram.putLong(bytes.length).put(bytes).put((byte) '\n');
  }

  private final class Entry implements Fields {
    @Override
    public void add(Key key, String value) {
      if (value != null && !value.isEmpty()) {
        put(key.journal(), value);
      }
    }

    @Override
    public void add(Key key, long value) {
      put(key.journal(), Long.toString(value));
    }
  }

  /** The journal may be a moment behind; when it is more than that, lines are dropped. */
  private boolean isSent() throws IOException {
    for (int tries = 0; tries < TRIES; tries++) {
      if (journal.isSent(datagram)) {
        return true;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    trouble = "it does not keep up";
    return false;
  }

  @Override
  public String trouble() {
    return trouble;
  }

  @Override
  public void close() {
    try {
      journal.close();
    } catch (IOException e) {
      // Nothing of ours waits in it.
    }
  }
}
