// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.time.ZoneId;

/**
 * One JSON object in each line: {@code time}, {@code level}, {@code logger}, then {@code message},
 * or {@code line} and its fields.
 */
final class JsonFormat implements Format {
  private static final JsonFactory JSON = new JsonFactory();

  private final Stamp stamp;
  private final StringBuilder time = new StringBuilder(32);

  JsonFormat(ZoneId zone) {
    stamp = new Stamp(zone);
  }

  @Override
  public void append(ILoggingEvent event, StringBuilder text) {
    time.setLength(0);
    stamp.append(event.getTimeStamp(), time);
    try (JsonGenerator json = JSON.createGenerator(new Appender(text))) {
      json.writeStartObject();
      json.writeStringField("time", time.toString());
      json.writeStringField("level", event.getLevel().toString());
      json.writeStringField("logger", Format.shortName(event.getLoggerName()));
      Line line = Format.line(event);
      if (line == null) {
        json.writeStringField("message", event.getFormattedMessage());
      } else {
        json.writeStringField("line", line.name());
        line.content().accept(new Members(json));
      }
      if (event.getThrowableProxy() != null) {
        json.writeStringField("stack", ThrowableProxyUtil.asString(event.getThrowableProxy()));
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    text.append('\n');
  }

  private record Members(JsonGenerator json) implements Fields {
    @Override
    public void add(Key key, String value) {
      if (value == null || value.isEmpty()) {
        return;
      }
      try {
        json.writeStringField(key.json(), value);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void add(Key key, long value) {
      try {
        json.writeNumberField(key.json(), value);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A generator that writes characters does not mind half ones, which a stranger may send. */
  private static final class Appender extends Writer {
    private final StringBuilder text;

    Appender(StringBuilder text) {
      this.text = text;
    }

    @Override
    public void write(char[] characters, int offset, int length) {
      text.append(characters, offset, length);
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
