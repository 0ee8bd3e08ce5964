// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;

/** Writes lines as bytes: many with one system call. Knows exactly which of them got through. */
abstract class ChannelSink implements Sink {
  /** So much is written at a time. */
  private static final int CHUNK = 64 * 1024;

  private final Format format;
  private StringBuilder text = new StringBuilder(CHUNK);

  /** Where the lines of {@link #text} end. */
  private final int[] ends = new int[1024];

  private int lines;
  private boolean torn;
  private String trouble = "";

  ChannelSink(Format format) {
    this.format = format;
  }

  /** Where to write the next lines. */
  abstract FileChannel channel() throws IOException;

  @Override
  public int write(List<ILoggingEvent> events) {
    trouble = "";
    int lost = 0;
    for (ILoggingEvent event : events) {
      if (!isMade(event) && !isMade(Format.withoutValues(event))) {
        lost++;
        trouble = "a line cannot be written as text";
        continue;
      }
      ends[lines++] = text.length();
      if (text.length() >= CHUNK || lines == ends.length) {
        lost += flush();
      }
    }
    return lines == 0 ? lost : lost + flush();
  }

  /** Whether the event is text now; if not, nothing is left of the try. */
  private boolean isMade(ILoggingEvent event) {
    int begin = text.length();
    try {
      format.append(event, text);
      return true;
    } catch (RuntimeException | Error e) {
      // Whatever a line did: the others are none the worse for it.
      text.setLength(begin);
      return false;
    }
  }

  @Override
  public String trouble() {
    return trouble;
  }

  private int flush() {
    ByteBuffer bytes = ByteBuffer.wrap(text.toString().getBytes(UTF_8));
    int lost = 0;
    try {
      FileChannel channel = channel();
      if (torn) {
        writeFully(channel, ByteBuffer.wrap(new byte[] {'\n'}));
        torn = false;
      }
      writeFully(channel, bytes);
    } catch (IOException e) {
      trouble = FileTrouble.words(e);
      int whole = linesWithin(bytes.position());
      torn |= bytes.position() > 0 && bytes.get(bytes.position() - 1) != '\n';
      lost = lines - whole;
    }
    lines = 0;
    // Not when it is too big, or widened by a character beyond ASCII, which slows all that follows.
    boolean fit = text.capacity() <= 4 * CHUNK && bytes.limit() == text.length();
    text.setLength(0);
    if (!fit) {
      text = new StringBuilder(CHUNK);
    }
    return lost;
  }

  private static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      channel.write(bytes);
    }
  }

  /** How many lines lie within the first bytes. */
  private int linesWithin(int written) {
    int begin = 0;
    int length = 0;
    for (int line = 0; line < lines; line++) {
      length += text.substring(begin, ends[line]).getBytes(UTF_8).length;
      if (length > written) {
        return line;
      }
      begin = ends[line];
    }
    return lines;
  }
}
