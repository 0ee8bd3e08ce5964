// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import io.netty.handler.ssl.SslContext;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.SelfSignedCertificate;
import io.vertx.core.spi.tls.SslContextFactory;
import java.util.List;
import java.util.Set;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which connections share what the JDK makes of their TLS. */
class SharedTlsTest {
  private static final int SESSIONS = 64;

  private final Vertx vertx = Vertx.vertx();
  private final SelfSignedCertificate certificate = SelfSignedCertificate.create();

  /** As Vert.x asks for it. */
  private static SslContextFactory asked(TrustManagerFactory trust, String protocol) {
    return new SharedTls()
        .copy()
        .sslContextFactory()
        .useAlpn(true)
        .forClient(true)
        .enabledCipherSuites(Set.of())
        .applicationProtocols(List.of(protocol))
        .trustManagerFactory(trust);
  }

  private TrustManagerFactory trust(PemTrustOptions besides) throws Exception {
    return new SystemTrust(besides).getTrustManagerFactory(vertx);
  }

  private PemTrustOptions authority() {
    Buffer pem = vertx.fileSystem().readFileBlocking(certificate.certificatePath());
    return new PemTrustOptions().addCertValue(pem);
  }

  @AfterEach
  void close() {
    certificate.delete();
    var unused = vertx.close();
  }

  @Test
  void thoseThatTrustTheSameShareIt() throws Exception {
    SslContext first = asked(trust(authority()), "h2").create();
    assertSame(first, asked(trust(authority()), "h2").create());
    assertEquals(SESSIONS, first.sessionContext().getSessionCacheSize());
  }

  @Test
  void thoseThatTrustOthersOrSpeakOtherwiseDoNot() throws Exception {
    SslContext first = asked(trust(authority()), "h2").create();
    assertNotSame(first, asked(trust(null), "h2").create());
    assertNotSame(first, asked(trust(authority()), "http/1.1").create());
  }

  @Test
  void whoShowsACertificateHasHisOwn() throws Exception {
    KeyManagerFactory own = certificate.keyCertOptions().getKeyManagerFactory(vertx);
    TrustManagerFactory trust = trust(authority());
    SslContext first = asked(trust, "h2").keyMananagerFactory(own).create();
    assertNotSame(first, asked(trust, "h2").keyMananagerFactory(own).create());
    assertNotSame(first, asked(trust, "h2").create());
  }
}
