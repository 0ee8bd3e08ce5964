// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pem;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.pushserver.pem.Pem.PemException;

/**
 * Finds out whether TLS can be spoken with a key and its certificates: shakes hands with itself, in
 * memory. What can only be told by trying (a key that is too short for every signature, a chain
 * that the key store does not take) would otherwise be noticed when a server runs already.
 */
final class TlsTrial {
  private static final int MOST_TURNS = 200;
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final SSLEngine client;
  private final SSLEngine server;
  private final ByteBuffer toServer;
  private final ByteBuffer toClient;
  private final ByteBuffer read;

  private TlsTrial(SSLContext context) {
    client = context.createSSLEngine("localhost", 1);
    client.setUseClientMode(true);
    server = context.createSSLEngine();
    server.setUseClientMode(false);
    server.setNeedClientAuth(true);
    int size = client.getSession().getPacketBufferSize();
    // A long chain takes several records.
    toServer = ByteBuffer.allocate(4 * size);
    toClient = ByteBuffer.allocate(4 * size);
    read = ByteBuffer.allocate(client.getSession().getApplicationBufferSize());
  }

  /**
   * Tries both ends: the key as a server's and as a client's.
   *
   * @throws PemException says why it does not work
   */
  static void attempt(CertifiedKey key) throws PemException {
    try {
      TlsTrial trial = new TlsTrial(context(key));
      trial.shakeHands();
    } catch (GeneralSecurityException | IOException e) {
      throw new PemException("TLS cannot use certificate and key together (" + words(e) + ")");
    }
  }

  private static String words(Exception e) {
    return e.getMessage() == null ? "no reason given" : e.getMessage();
  }

  private static SSLContext context(CertifiedKey key) throws GeneralSecurityException, IOException {
    char[] password = {'x'};
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, password);
    store.setKeyEntry("key", key.key(), password, key.chain().toArray(new X509Certificate[0]));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, password);
    KeyManager[] managers = keys.getKeyManagers();
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers, new TrustManager[] {new Anybody()}, null);
    return context;
  }

  private void shakeHands() throws SSLException {
    client.beginHandshake();
    server.beginHandshake();
    for (int turn = 0; turn < MOST_TURNS; turn++) {
      step(client, toServer, toClient);
      step(server, toClient, toServer);
      if (isDone(client) && isDone(server)) {
        return;
      }
    }
    throw new SSLException("the handshake does not come to an end");
  }

  private static boolean isDone(SSLEngine engine) {
    return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING
        && !"SSL_NULL_WITH_NULL_NULL".equals(engine.getSession().getCipherSuite());
  }

  private void step(SSLEngine engine, ByteBuffer out, ByteBuffer in) throws SSLException {
    switch (engine.getHandshakeStatus()) {
      case NEED_TASK -> {
        for (Runnable task = engine.getDelegatedTask();
            task != null;
            task = engine.getDelegatedTask()) {
          task.run();
        }
      }
      case NEED_WRAP -> check(engine.wrap(NOTHING, out));
      case NEED_UNWRAP, NEED_UNWRAP_AGAIN, NOT_HANDSHAKING -> {
        in.flip();
        check(engine.unwrap(in, read));
        in.compact();
        read.clear();
      }
      case FINISHED -> {}
    }
  }

  private static void check(SSLEngineResult result) throws SSLException {
    if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
      throw new SSLException("the handshake was given up");
    }
  }

  /** Who the other end is, is no question here. */
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
