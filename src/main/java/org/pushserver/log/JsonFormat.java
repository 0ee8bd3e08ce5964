// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import java.time.ZoneId;

/**
 * One JSON object in each line: {@code time}, {@code level}, {@code logger}, then {@code message},
 * or {@code line} and its fields. What does not print is escaped, as in a log of text: a terminal
 * that shows the file is no stranger's to write on.
 */
final class JsonFormat implements Format {
  private final Stamp stamp;

  JsonFormat(ZoneId zone) {
    stamp = new Stamp(zone);
  }

  @Override
  public void append(ILoggingEvent event, StringBuilder text) {
    text.append("{\"time\":\"");
    stamp.append(event.getTimeStamp(), text);
    text.append('"');
    Members members = new Members(text);
    members.add("level", event.getLevel().toString());
    members.add("logger", Format.part(event.getLoggerName()));
    LogLine line = Format.line(event);
    if (line == null) {
      members.add("message", String.valueOf(event.getFormattedMessage()));
    } else {
      members.add("line", line.name());
      line.content().accept(members);
    }
    if (event.getThrowableProxy() != null) {
      members.add("stack", ThrowableProxyUtil.asString(event.getThrowableProxy()));
    }
    text.append("}\n");
  }

  private record Members(StringBuilder text) implements Fields {
    void add(String name, String value) {
      text.append(",\"").append(name).append("\":\"");
      Characters.escape(value, true, text);
      text.append('"');
    }

    @Override
    public void add(Key key, String value) {
      if (value != null && !value.isEmpty()) {
        add(key.json(), value);
      }
    }

    @Override
    public void add(Key key, long value) {
      text.append(",\"").append(key.json()).append("\":").append(value);
    }
  }
}
