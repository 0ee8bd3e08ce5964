// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One HTTP/1.1 connection with one request at a time. */
final class PacedConnection {
  private static final int LONGEST_ANSWER = 16 * 1024;
  private static final int STATUS_AT = "HTTP/1.1 ".length();
  private static final String LENGTH = "\r\ncontent-length:";

  private final SocketChannel channel;
  private final ByteBuffer answer = ByteBuffer.allocate(LONGEST_ANSWER);
  private long due;

  PacedConnection(InetSocketAddress address, Selector selector) throws IOException {
    channel = SocketChannel.open(address);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    channel.configureBlocking(false);
    channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** Sends a request that was due at that time of {@link System#nanoTime}. */
  void send(byte[] request, long dueAt) throws IOException {
    due = dueAt;
    answer.clear();
    ByteBuffer buffer = ByteBuffer.wrap(request);
    channel.write(buffer);
    if (buffer.hasRemaining()) {
      throw new BenchException("the kernel did not take a request at once");
    }
  }

  long due() {
    return due;
  }

  /** Whether the answer is complete; fails when it has another status. */
  boolean read(int status) throws IOException {
    if (channel.read(answer) < 0) {
      throw new BenchException("the server closed a connection with a request on it");
    }
    String text = new String(answer.array(), 0, answer.position(), StandardCharsets.ISO_8859_1);
    int headEnd = text.indexOf("\r\n\r\n");
    if (headEnd < 0) {
      return false;
    }
    if (!text.startsWith(Integer.toString(status), STATUS_AT)) {
      throw new BenchException("wanted an answer " + status + ", not:\n" + text);
    }
    return text.length() >= headEnd + "\r\n\r\n".length() + length(text.substring(0, headEnd));
  }

  /** The length of the body, by the headers. */
  static int length(String head) {
    int at = head.toLowerCase(Locale.ROOT).indexOf(LENGTH);
    if (at < 0) {
      throw new BenchException("an answer without Content-Length:\n" + head);
    }
    int end = head.indexOf('\r', at + LENGTH.length());
    return Integer.parseInt(
        head.substring(at + LENGTH.length(), end < 0 ? head.length() : end).strip());
  }
}
