// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.pkitesting.X509Bundle;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.Access;
import org.pushserver.config.Limits;
import org.pushserver.config.Tls;
import org.pushserver.fake.CertificateFiles;
import org.pushserver.fake.TestTls;
import org.pushserver.pem.CertifiedKey;

@Timeout(120)
class CertificateFilesIT {
  private static IngressTls client;
  private static CertificateFiles files;

  @TempDir Path dir;

  @BeforeAll
  static void certify() throws Exception {
    X509Bundle root =
        TestTls.valid().subject("CN=Root").setIsCertificateAuthority(true).buildSelfSigned();
    client = new IngressTls(root);
    files = new CertificateFiles(root, "CN=door");
  }

  static List<String> kinds() {
    return CertificateFiles.KINDS;
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void whoTrustsTheRootAloneIsConvincedByWhateverOrderTheFileHas(String kind) throws Exception {
    Path file = Files.writeString(dir.resolve("tls.pem"), files.file(kind));
    Tls tls = new Tls(CertifiedKey.read(file, remark -> {}), List.of());
    TestIngress door =
        TestIngress.open(
            ScriptedDispatcher.withSamples(),
            TestIngress.settings(tls, true, Access.OPEN, Limits.DEFAULT));
    try (Socket socket =
        client.client().getSocketFactory().createSocket("localhost", door.port())) {
      SSLSocket secure = (SSLSocket) socket;
      SSLParameters parameters = secure.getSSLParameters();
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
      secure.setSSLParameters(parameters);
      secure.startHandshake();
      assertEquals("CN=door", secure.getSession().getPeerPrincipal().getName());
      assertEquals(
          files.path(kind.contains("root")), List.of(secure.getSession().getPeerCertificates()));
    } finally {
      door.close();
    }
  }
}
