// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.concurrent.Callable;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * What Java does once in a process before its first TLS connection: it reads the system's
 * authorities, and makes its first keys. On a thread of its own while the configuration is read,
 * that is done when the first push service is to be reached; else the first push waits for it.
 */
public final class TlsHeadStart {
  /** A name, as push services have one: Java has tables for names, too. */
  private static final String NOBODY = "push.invalid";

  private static final int PORT = 443;

  private TlsHeadStart() {}

  /** Begins, and returns at once. Opens nothing. Whoever needs it meanwhile waits for it. */
  public static void begin() {
    Thread thread = new Thread(() -> prepare(TlsHeadStart::greeting), "pushserver-tls");
    thread.setDaemon(true);
    thread.start();
  }

  /** Whatever is wrong with Java's TLS here will be wrong again, and told, when it is needed. */
  static void prepare(Callable<ByteBuffer> first) {
    try {
      int unused = first.call().remaining();
    } catch (Exception e) {
      return;
    }
  }

  /** What a client says first; nobody is told. */
  static ByteBuffer greeting() throws GeneralSecurityException, SSLException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, SystemTrust.ofSystem().getTrustManagers(), null);
    SSLEngine engine = context.createSSLEngine(NOBODY, PORT);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setApplicationProtocols(new String[] {"h2"});
    engine.setSSLParameters(parameters);
    ByteBuffer greeting = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    var unused = engine.wrap(ByteBuffer.allocate(0), greeting);
    return greeting.flip();
  }
}
