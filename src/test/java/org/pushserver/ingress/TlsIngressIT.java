// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.KeyPairGenerator;
import java.util.List;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.pushserver.api.SampleRequest;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.Access;
import org.pushserver.config.Limits;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.Tls;
import org.pushserver.pem.CertifiedKey;

@Timeout(60)
class TlsIngressIT {
  private static IngressTls authority;
  private static X509Bundle first;
  private static X509Bundle second;

  @RegisterExtension
  private final TestIngress door =
      TestIngress.open(ScriptedDispatcher.withSamples(), settings(IngressTls.tls(first)));

  @BeforeAll
  static void certify() throws Exception {
    authority = IngressTls.create();
    first = authority.certify("first");
    second = authority.certify("second");
  }

  private static ServerSettings settings(Tls tls) {
    return TestIngress.settings(tls, true, Access.OPEN, Limits.DEFAULT);
  }

  private List<String> apply(Tls tls) {
    return await(door.apply(settings(tls)));
  }

  private static HttpClient client(SSLContext context, HttpClient.Version version) {
    return HttpClient.newBuilder().sslContext(context).version(version).build();
  }

  private HttpResponse<String> post(HttpClient client, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + door.port() + "/push"))
            .POST(body)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static HttpRequest.BodyPublisher sample() {
    return HttpRequest.BodyPublishers.ofByteArray(SampleRequest.apple().bytes());
  }

  /** Whose certificate a new connection is shown. */
  private String shown() throws Exception {
    try (Socket socket =
        authority.client().getSocketFactory().createSocket("127.0.0.1", door.port())) {
      SSLSocket secure = (SSLSocket) socket;
      secure.startHandshake();
      return secure.getSession().getPeerPrincipal().getName();
    }
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void bothVersionsOfHttpAreServed(HttpClient.Version version) throws Exception {
    HttpResponse<String> answer = post(client(authority.client(), version), sample());
    assertEquals(200, answer.statusCode());
    assertEquals(version, answer.version());
  }

  @Test
  void overHttp2RefusalsHaveTheSameShape() throws Exception {
    HttpClient client = client(authority.client(), HttpClient.Version.HTTP_2);
    HttpResponse<String> bad = post(client, HttpRequest.BodyPublishers.ofString("{}"));
    assertEquals(400, bad.statusCode());
    assertEquals(
        "{\"code\":400,\"description\":\"Field 'app-id' required\",\"data\":\"\"}", bad.body());

    HttpResponse<String> tooLong =
        post(client, HttpRequest.BodyPublishers.ofString(" ".repeat(70_000)));
    assertEquals(413, tooLong.statusCode());
    assertTrue(tooLong.body().startsWith("{\"code\":413,"));
  }

  @Test
  void tlsBelowVersion12IsRefused() throws Exception {
    try (Socket socket =
        authority.client().getSocketFactory().createSocket("127.0.0.1", door.port())) {
      SSLSocket old = (SSLSocket) socket;
      old.setEnabledProtocols(new String[] {"TLSv1.1"});
      assertThrows(SSLException.class, old::startHandshake);
    }
  }

  @Test
  void anotherCertificateIsShownAtOnceAndOpenConnectionsStay() throws Exception {
    HttpClient before = client(authority.client(), HttpClient.Version.HTTP_2);
    assertEquals(200, post(before, sample()).statusCode());
    assertEquals("CN=first", shown());

    assertEquals(List.of(), apply(IngressTls.tls(second)));
    assertEquals("CN=second", shown());
    HttpResponse<String> after = post(before, sample());
    assertEquals(200, after.statusCode());
    assertEquals(
        "CN=first",
        after.sslSession().orElseThrow().getPeerPrincipal().getName(),
        "a new connection would have been shown the other certificate");

    assertEquals(List.of(), apply(IngressTls.tls(first)));
    assertEquals("CN=first", shown());
  }

  @Test
  void aCertificateThatCannotBeUsedLeavesEverythingAsItWas() throws Exception {
    Tls wrong =
        new Tls(
            new CertifiedKey(
                List.of(second.getCertificate()),
                KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate()),
            List.of());
    assertThrows(CompletionException.class, () -> apply(wrong));
    assertEquals("CN=first", shown());
    assertEquals(List.of(), apply(IngressTls.tls(second)));
    assertEquals("CN=second", shown());
  }

  @Test
  void withClientCertificatesOnlyTheCertifiedComeIn() throws Exception {
    assertEquals(List.of(), apply(authority.mutual(first)));
    X509Bundle pbx = authority.certify("pbx");
    X509Bundle stranger = IngressTls.create().certify("stranger");
    for (HttpClient.Version version : HttpClient.Version.values()) {
      assertEquals(200, post(client(authority.client(pbx), version), sample()).statusCode());
      assertThrows(IOException.class, () -> post(client(authority.client(), version), sample()));
      assertThrows(
          IOException.class, () -> post(client(authority.client(stranger), version), sample()));
    }
    assertEquals(2, door.dispatcher.pushes().size());

    assertEquals(List.of(), apply(IngressTls.tls(first)));
    HttpClient anybody = client(authority.client(), HttpClient.Version.HTTP_2);
    assertEquals(200, post(anybody, sample()).statusCode());
  }

  @Test
  void tlsIsNeverSwitchedOffWhileItRuns() throws Exception {
    assertEquals(List.of("tls_certificate: TLS is spoken until the next start"), apply(null));
    assertEquals("CN=first", shown());
  }
}
