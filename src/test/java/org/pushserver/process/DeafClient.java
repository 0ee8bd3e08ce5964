// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/** An HTTP/1.1 client over TLS that asks and asks, and reads no answer. */
final class DeafClient implements AutoCloseable {
  private static final int AT_ONCE = 50;

  /** As little as the machine agrees to: what it takes is no burden for the server. */
  private static final int SMALLEST = 1;

  private final Socket tcp = new Socket();
  private final SSLSocket tls;

  DeafClient(SSLContext trusting, int port) throws IOException {
    tcp.setReceiveBufferSize(SMALLEST);
    InetAddress host = InetAddress.getLoopbackAddress();
    tcp.connect(new InetSocketAddress(host, port));
    tls = (SSLSocket) trusting.getSocketFactory().createSocket(tcp, "localhost", port, true);
    tls.startHandshake();
  }

  /** Asks so often for a page. Returns when that is done or the server has cut it off. */
  void askFor(String path, int times) {
    byte[] requests =
        ("GET " + path + " HTTP/1.1\r\nHost: door\r\n\r\n")
            .repeat(AT_ONCE)
            .getBytes(StandardCharsets.US_ASCII);
    try {
      for (int asked = 0; asked < times; asked += AT_ONCE) {
        tls.getOutputStream().write(requests);
      }
    } catch (IOException e) {
      // Cut off: what was to be shown.
    }
  }

  /** Without TLS's farewell, which would wait behind the requests. */
  @Override
  public void close() throws IOException {
    tcp.close();
  }
}
