// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/** An HTTP/2 client that sends the frames it is told to, however wrong they are. */
public final class RawHttp2 implements AutoCloseable {
  public static final int DATA = 0;
  public static final int HEADERS = 1;
  static final int RESET = 3;
  static final int GO_AWAY = 7;
  static final int CONTINUATION = 9;
  public static final int END_STREAM = 1;
  public static final int END_HEADERS = 4;

  private final SSLSocket socket;
  private final OutputStream out;
  private final DataInputStream in;

  /**
   * One frame.
   *
   * @param text its content, as far as it is text
   */
  record Frame(int type, int flags, int stream, String text) {
    boolean endsStream() {
      return (flags & END_STREAM) != 0;
    }
  }

  public RawHttp2(SSLContext trusting, int port) throws IOException {
    this(trusting, port, new byte[0]);
  }

  /**
   * @param settings the content of its SETTINGS frame
   */
  public RawHttp2(SSLContext trusting, int port, byte[] settings) throws IOException {
    this(trusting, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
    out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    send(4, 0, 0, settings);
  }

  /** One that has agreed on HTTP/2, and says nothing. */
  static RawHttp2 silent(SSLContext trusting, int port) throws IOException {
    return new RawHttp2(trusting, new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  private RawHttp2(SSLContext trusting, InetSocketAddress address) throws IOException {
    socket =
        (SSLSocket)
            trusting.getSocketFactory().createSocket(address.getAddress(), address.getPort());
    socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    out = socket.getOutputStream();
    in = new DataInputStream(socket.getInputStream());
  }

  void send(int type, int flags, int stream, byte[] content) throws IOException {
    send(frame(type, flags, stream, content));
  }

  /** Sends frames, several in one go perhaps. */
  public void send(byte[] frames) throws IOException {
    out.write(frames);
  }

  /** One frame as it is sent. */
  public static byte[] frame(int type, int flags, int stream, byte[] content) {
    ByteBuffer frame = ByteBuffer.allocate(9 + content.length);
    frame.put((byte) (content.length >> 16)).putShort((short) content.length);
    frame.put((byte) type).put((byte) flags).putInt(stream).put(content);
    return frame.array();
  }

  /** The header block of {@code POST /push}, followed by one more header unless it is null. */
  static byte[] post(String name, String value) {
    return block("POST", "/push", name, value);
  }

  /** The header block of a {@code GET}. */
  public static byte[] get(String path) {
    return ask("GET", path);
  }

  /** The header block of a request without further headers. */
  static byte[] ask(String method, String path) {
    return block(method, path, null, null);
  }

  /** The header block of {@code POST /push}. */
  public static byte[] post() {
    return post(null, null);
  }

  /** RFC 7541: https by its number, all else as literals that nobody is to remember. */
  private static byte[] block(String method, String path, String name, String value) {
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(0x02);
    text(block, method);
    block.write(0x87);
    block.write(0x01);
    text(block, "door");
    block.write(0x04);
    text(block, path);
    if (name != null) {
      block.write(0x00);
      text(block, name);
      text(block, value);
    }
    return block.toByteArray();
  }

  private static void text(ByteArrayOutputStream block, String text) {
    int length = text.length();
    if (length < 127) {
      block.write(length);
    } else {
      block.write(127);
      for (length -= 127; length >= 128; length >>= 7) {
        block.write((length & 127) | 128);
      }
      block.write(length);
    }
    block.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
  }

  /** Begins a push; its body may follow. */
  void begin(int stream) throws IOException {
    send(HEADERS, END_HEADERS, stream, post(null, null));
  }

  void reset(int stream) throws IOException {
    send(RESET, 0, stream, new byte[] {0, 0, 0, 8});
  }

  /** Reads on to the first such frame; null when the server closes the connection before. */
  Frame next(Predicate<Frame> wanted) throws IOException {
    for (int length = in.read(); length >= 0; length = in.read()) {
      int rest = in.readUnsignedShort();
      int type = in.read();
      int flags = in.read();
      int stream = in.readInt();
      byte[] content = in.readNBytes((length << 16) + rest);
      Frame frame = new Frame(type, flags, stream, new String(content, StandardCharsets.UTF_8));
      if (wanted.test(frame)) {
        return frame;
      }
    }
    return null;
  }

  /** The body of the answer on a stream. */
  String answer(int stream) throws IOException {
    Frame data = next(frame -> frame.type() == DATA && frame.stream() == stream);
    return data == null ? "" : data.text();
  }

  /** Whether the server gives up on the connection. Waits for it. */
  public boolean isClosedByServer() {
    try {
      return next(frame -> false) == null;
    } catch (IOException e) {
      // Bytes of ours were on their way to it.
      return true;
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
