// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.ZoneId;

/**
 * Lines to read and to grep: {@code 2026-11-25T19:56:01.042+01:00 INFO push incoming call-id=…
 * app=…}. A value with anything but printable ASCII, or with spaces or quotes, stands in quotes; so
 * nobody can write a line of their own into the log.
 */
final class TextFormat implements Format {
  private final Stamp stamp;

  TextFormat(ZoneId zone) {
    stamp = new Stamp(zone);
  }

  @Override
  public void append(ILoggingEvent event, StringBuilder text) {
    stamp.append(event.getTimeStamp(), text);
    text.append(' ').append(level(event.getLevel())).append(' ');
    text.append(Format.part(event.getLoggerName())).append(' ');
    appendMessage(event, text);
    text.append('\n');
    if (event.getThrowableProxy() != null) {
      text.append(ThrowableProxyUtil.asString(event.getThrowableProxy()).stripTrailing());
      text.append('\n');
    }
  }

  /** As wide as the widest. */
  private static String level(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> "ERROR";
      case Level.WARN_INT -> "WARN ";
      case Level.INFO_INT -> "INFO ";
      default -> "DEBUG";
    };
  }

  /** The message alone, in one line. */
  static void appendMessage(ILoggingEvent event, StringBuilder text) {
    LogLine line = Format.line(event);
    if (line == null) {
      Characters.escape(event.getFormattedMessage(), false, text);
    } else {
      append(line, text);
    }
  }

  static void append(LogLine line, StringBuilder text) {
    text.append(line.name());
    line.content().accept(new Appender(text));
  }

  private record Appender(StringBuilder text) implements Fields {
    @Override
    public void add(Key key, String value) {
      if (value == null || value.isEmpty()) {
        return;
      }
      text.append(' ').append(key.text()).append('=');
      if (isPlain(value)) {
        text.append(value);
      } else {
        text.append('"');
        Characters.escape(value, true, text);
        text.append('"');
      }
    }

    @Override
    public void add(Key key, long value) {
      text.append(' ').append(key.text()).append('=').append(value);
    }
  }

  private static boolean isPlain(String value) {
    for (int at = 0; at < value.length(); at++) {
      char c = value.charAt(at);
      if (c <= ' ' || c > '~' || c == '"' || c == '\\') {
        return false;
      }
    }
    return true;
  }
}
