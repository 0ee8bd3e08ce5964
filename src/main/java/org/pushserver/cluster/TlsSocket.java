// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketImpl;
import javax.net.ssl.SSLSocket;

/**
 * A connection between members, of which all is encrypted as soon as it stands. To JGroups it is a
 * plain one: with one of the JDK's own its sending thread would wait without end for a member that
 * is frozen and does not answer, and its closing for one that does not read.
 */
final class TlsSocket extends Socket {
  private static final String[] PROTOCOLS = {"TLSv1.3"};

  /** For one answer of the other end; the kernel takes a connection also for a frozen process. */
  private static final int ANSWER_MS = 2_000;

  private final ClusterTls tls;
  private volatile InputStream in;
  private volatile OutputStream out;

  /** One to connect. */
  TlsSocket(ClusterTls tls) {
    super(Proxy.NO_PROXY);
    this.tls = tls;
  }

  private TlsSocket(ClusterTls tls, SocketImpl accepted) throws IOException {
    super(accepted);
    this.tls = tls;
  }

  /** One to be accepted. */
  static TlsSocket toAccept(ClusterTls tls) throws IOException {
    return new TlsSocket(tls, null);
  }

  @Override
  public void connect(SocketAddress endpoint, int timeout) throws IOException {
    super.connect(endpoint, timeout);
    shakeHands(true);
  }

  /**
   * Finds out whether the other end is a member. Blocks for as long as it goes on answering, until
   * somebody closes this.
   */
  void shakeHands(boolean asClient) throws IOException {
    setSoTimeout(ANSWER_MS);
    SSLSocket secure =
        (SSLSocket)
            tls.context()
                .getSocketFactory()
                .createSocket(this, getInetAddress().getHostAddress(), getPort(), true);
    secure.setUseClientMode(asClient);
    secure.setEnabledProtocols(PROTOCOLS);
    if (!asClient) {
      secure.setNeedClientAuth(true);
    }
    secure.startHandshake();
    setSoTimeout(0);
    out = secure.getOutputStream();
    in = secure.getInputStream();
  }

  /** Before the handshake the plain one, which the handshake itself asks for. */
  @Override
  public InputStream getInputStream() throws IOException {
    InputStream secure = in;
    return secure == null ? super.getInputStream() : secure;
  }

  @Override
  public OutputStream getOutputStream() throws IOException {
    OutputStream secure = out;
    return secure == null ? super.getOutputStream() : secure;
  }
}
