// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** A client that sends exactly the bytes it is given, however wrong they are. */
final class RawClient implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;

  /**
   * @param headers names in lower case
   */
  record Answer(int status, Map<String, String> headers, String body) {}

  RawClient(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setSoTimeout((int) Duration.ofSeconds(20).toMillis());
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** One well-formed request around a body of any bytes. */
  static byte[] post(String path, byte[] body) {
    byte[] head =
        ("POST " + path + " HTTP/1.1\r\nHost: door\r\nContent-Length: " + body.length + "\r\n\r\n")
            .getBytes(StandardCharsets.ISO_8859_1);
    ByteArrayOutputStream request = new ByteArrayOutputStream(head.length + body.length);
    request.writeBytes(head);
    request.writeBytes(body);
    return request.toByteArray();
  }

  Answer exchange(byte[] request) throws IOException {
    send(request);
    return receive();
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Reads one answer, whatever it says. */
  Answer receiveAny() throws IOException {
    Answer head = receiveHead();
    int length = Integer.parseInt(head.headers().getOrDefault("content-length", "0"));
    String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
    return new Answer(head.status(), head.headers(), body);
  }

  /** Reads one answer. */
  Answer receive() throws IOException {
    Answer head = receiveAny();
    String body = head.body();
    if (body.matches("(?s)\\{\"code\":[0-9]+,\"description\".*")) {
      // Whatever was asked: all answers in our own shape have that of those to a push.
      ApiContract.assertMayAnswer("push", head.status(), head.headers().get("content-type"), body);
    }
    return new Answer(head.status(), head.headers(), body);
  }

  /** Reads one answer that has no content, whatever length it states. */
  Answer receiveHead() throws IOException {
    String[] statusLine = line().split(" ", 3);
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      String[] header = line.split(": *", 2);
      headers.put(header[0].toLowerCase(Locale.ROOT), header[1]);
    }
    return new Answer(Integer.parseInt(statusLine[1]), headers, "");
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new EOFException("the server closed the connection after: " + line);
      }
      line.append((char) octet);
    }
    return line.toString().stripTrailing();
  }

  /** Whether something has arrived already. */
  boolean hasAnswer() throws IOException {
    return in.available() > 0;
  }

  /** Whether the server closes the connection without another byte. Waits for it. */
  boolean isClosedByServer() throws IOException {
    return in.read() < 0;
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
