// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.failure;
import static org.pushserver.reload.ReloadFixture.PHONE;
import static org.pushserver.reload.ReloadFixture.token;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.HexFormat;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.config.KeyHash;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.Settings;
import org.pushserver.config.Tls;
import org.pushserver.ingress.IngressTls;
import org.pushserver.pem.CertifiedKey;
import org.pushserver.spi.ConfigException;

/** What becomes of the door when its settings or their files change while it is open. */
@Timeout(60)
class ReloadIngressIT {
  private static final String ADDRESS = "127.0.0.1";

  private static IngressTls authority;
  private static X509Bundle first;
  private static X509Bundle second;

  @TempDir private Path directory;

  @RegisterExtension private final ReloadFixture fixture = new ReloadFixture(() -> directory);

  @BeforeAll
  static void certify() throws Exception {
    authority = IngressTls.create();
    first = authority.certify("first");
    second = authority.certify("second");
  }

  private static String pem(X509Bundle bundle) {
    return bundle.getCertificatePEM() + bundle.getPrivateKeyPEM();
  }

  /** Adds a line to [server]. */
  private void server(String line) throws IOException {
    fixture.edit("general.ini", text -> text.replace("[server]\n", "[server]\n" + line + "\n"));
  }

  private void remove(String line) throws IOException {
    fixture.edit("general.ini", text -> text.replace(line + "\n", ""));
  }

  private void assertReloads() throws Exception {
    assertTrue(fixture.reload(), () -> "not in use: " + fixture.errors());
  }

  private void startWithTls() throws Exception {
    fixture.write("tls.pem", pem(first));
    server("tls_certificate = tls.pem");
    fixture.start();
  }

  /** Whose certificate a new connection is shown. */
  private String shown() throws Exception {
    try (Socket socket =
        authority.client().getSocketFactory().createSocket(ADDRESS, fixture.port())) {
      SSLSocket secure = (SSLSocket) socket;
      secure.startHandshake();
      return secure.getSession().getPeerPrincipal().getName();
    }
  }

  private HttpRequest.Builder request(String scheme, String text) {
    JsonObject message =
        new JsonObject()
            .put("app-id", PHONE)
            .put("platform", "apple")
            .put("token", token(1))
            .put("call-id", text)
            .put("from", "sip:alice@example.com")
            .put("to", "sip:bob@example.com")
            .put("event", "incoming_session")
            .put("media-type", "audio");
    return HttpRequest.newBuilder(
            URI.create(scheme + "://" + ADDRESS + ":" + fixture.port() + "/push"))
        .POST(HttpRequest.BodyPublishers.ofString(message.encode()));
  }

  private static int status(HttpClient client, HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
  }

  private int pushed() throws Exception {
    return status(HttpClient.newHttpClient(), request("http", "call"));
  }

  private int pushed(HttpClient client, String key) throws Exception {
    return status(client, request("http", "call").header("X-Api-Key", key));
  }

  private static HttpClient client(SSLContext context) {
    return HttpClient.newBuilder().sslContext(context).build();
  }

  @Test
  void aReplacedCertificateIsShownToNewConnectionsAndOpenOnesStay() throws Exception {
    startWithTls();
    HttpClient before = client(authority.client());
    assertEquals(200, status(before, request("https", "one")));
    assertEquals("CN=first", shown());
    fixture.write("tls.pem", pem(second));
    // The watcher's own doing: nobody asks for it.
    fixture.untilLogged("changed: " + fixture.config.resolve("tls.pem"));
    fixture.untilLogged("the configuration was read anew and is in use: it has changed");
    assertEquals("CN=second", shown());
    assertEquals(200, status(before, request("https", "two")));
    assertEquals(List.of(), fixture.errors());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "nonsense | tls.pem: no PEM block",
        "certificate | tls.pem: there is no private key in it",
        "key | tls.pem: there is no certificate in it",
        "mixed | tls.pem: certificate and key do not belong together",
        "gone | tls.pem does not exist or may not be read",
      })
  void aWrongCertificateKeepsTheOldOneAndIsTold(String kind, String problem) throws Exception {
    startWithTls();
    switch (kind) {
      case "nonsense" -> fixture.write("tls.pem", "nonsense");
      case "certificate" -> fixture.write("tls.pem", second.getCertificatePEM());
      case "key" -> fixture.write("tls.pem", second.getPrivateKeyPEM());
      case "mixed" ->
          fixture.write("tls.pem", second.getCertificatePEM() + first.getPrivateKeyPEM());
      default -> Files.delete(fixture.config.resolve("tls.pem"));
    }
    assertFalse(fixture.reload());
    String told = fixture.errors().get(0);
    assertTrue(told.startsWith("general.ini [server] tls_certificate: "), told);
    assertTrue(told.contains(problem), told);
    fixture.untilLogged("the server goes on as it was");
    assertEquals("CN=first", shown());

    fixture.write("tls.pem", pem(second));
    assertReloads();
    assertEquals("CN=second", shown());
  }

  @Test
  void aCertificateThatTlsCannotUseChangesNothingElseEither() throws Exception {
    startWithTls();
    Settings now = fixture.server().settings();
    ServerSettings server = now.server();
    KeyPair stranger = KeyPairGenerator.getInstance("RSA").generateKeyPair();
    Tls wrong =
        new Tls(
            new CertifiedKey(List.of(second.getCertificate()), stranger.getPrivate()), List.of());
    Settings changed =
        new Settings(
            now.directory(),
            now.general(),
            new ServerSettings(
                server.host(),
                server.port(),
                wrong,
                false,
                server.access(),
                server.limits(),
                server.log(),
                server.drainTimeout(),
                server.admin()),
            now.delivery(),
            List.of(),
            now.faulty(),
            now.aliases(),
            now.plugins(),
            now.files(),
            now.watched(),
            List.of());
    Throwable refused = failure(fixture.server().apply(changed));
    String problem = assertInstanceOf(ConfigException.class, refused).getMessage();
    assertTrue(
        problem.startsWith(
            fixture.config.resolve("general.ini") + " [server] tls_certificate: TLS cannot use it"),
        problem);
    assertSame(now, fixture.server().settings());
    assertEquals("CN=first", shown());
    assertEquals(200, status(client(authority.client()), request("https", "call")));
  }

  @Test
  void anAuthorityOfClientsThatIsReplacedHoldsForNewConnections() throws Exception {
    IngressTls stranger = IngressTls.create();
    fixture.write("clients.pem", stranger.authority().getCertificatePEM());
    server("tls_client_ca = clients.pem");
    startWithTls();
    X509Bundle phone = authority.certify("phone");
    assertThrows(
        IOException.class,
        () -> status(client(authority.client(phone)), request("https", "refused")));

    fixture.write("clients.pem", authority.authority().getCertificatePEM());
    assertReloads();
    fixture.untilLogged("changed: " + fixture.config.resolve("clients.pem"));
    assertEquals(200, status(client(authority.client(phone)), request("https", "certified")));

    fixture.write("clients.pem", "nonsense");
    assertFalse(fixture.reload());
    assertTrue(fixture.errors().get(0).startsWith("general.ini [server] tls_client_ca: "));
    assertEquals(200, status(client(authority.client(phone)), request("https", "still")));
  }

  @Test
  void anAllowedHostIsAddedAndRemoved() throws Exception {
    server("allowed_hosts = 192.0.2.1");
    fixture.start();
    assertEquals(403, pushed());
    remove("allowed_hosts = 192.0.2.1");
    assertReloads();
    assertEquals(200, pushed());
    server("allowed_hosts = 192.0.2.0/24");
    assertReloads();
    assertEquals(403, pushed());
  }

  @Test
  void anApiKeyHoldsFromTheMomentItStandsInItsFile() throws Exception {
    String key = KeyHash.newKey();
    String other = KeyHash.newKey();
    HttpClient client = HttpClient.newHttpClient();
    fixture.start();
    assertEquals(200, pushed(client, key));

    fixture.write("keys", line("other", other));
    server("api_keys = keys");
    assertReloads();
    assertEquals(401, pushed(client, key));
    assertEquals(200, pushed(client, other));

    fixture.write("keys", line("mine", key));
    assertReloads();
    fixture.untilLogged("changed: " + fixture.config.resolve("keys"));
    assertEquals(200, pushed(client, key));
    assertEquals(401, pushed(client, other));

    fixture.write("keys", "mine " + key + " *");
    assertFalse(fixture.reload());
    assertTrue(fixture.errors().get(0).startsWith("keys: line 1: "), fixture.errors()::toString);
    assertFalse(fixture.errors().toString().contains(key));
    assertEquals(200, pushed(client, key));
    assertEquals(401, pushed(client, other), "the door is not open for that");

    remove("api_keys = keys");
    assertReloads();
    assertEquals(200, pushed(client, other));
  }

  private static String line(String name, String key) {
    return name + " " + HexFormat.of().formatHex(new KeyHash().of(key)) + " *\n";
  }

  @Test
  void limitsHoldForNewRequests() throws Exception {
    fixture.start();
    HttpClient client = HttpClient.newHttpClient();
    HttpRequest.Builder padded =
        request("http", "call").POST(HttpRequest.BodyPublishers.ofString(" ".repeat(1025) + "{}"));
    assertEquals(400, status(client, padded));
    fixture.edit("general.ini", text -> text + "\n[limits]\nmax_body = 1024\n");
    assertReloads();
    assertEquals(413, status(client, padded));
    assertEquals(200, status(client, request("http", "call")));
    fixture.edit("general.ini", text -> text.replace("1024", "2048"));
    assertReloads();
    assertEquals(400, status(client, padded));
  }

  @Test
  void whetherClientsWaitHoldsForNewRequests() throws Exception {
    fixture.start();
    assertEquals(200, pushed());
    server("return_async = no");
    assertReloads();
    assertEquals(202, pushed());
  }

  @Test
  void whatNeedsARestartIsToldOnceAndTheRestHolds() throws Exception {
    fixture.start();
    int port = fixture.port();
    server("return_async = no\ntls_certificate = tls.pem");
    fixture.write("tls.pem", pem(first));
    fixture.edit(
        "general.ini",
        text -> text.replaceFirst("port = .*", "port = 1") + "\n[limits]\nmax_headers = 4096\n");
    assertReloads();
    assertReloads();
    for (String told :
        List.of(
            "general.ini host and port: 127.0.0.1:" + port + " is listened on until",
            "general.ini tls_certificate: plain HTTP is spoken until the next start",
            "general.ini max_headers: 8192 holds until the next start")) {
      assertEquals(1, fixture.logged(told), told);
    }
    assertEquals(202, pushed());
  }

  /** It is told that the file is missing; to put it there has to be enough. */
  @Test
  void aFileThatIsNamedBeforeItIsThereIsNoticedWhenItComes() throws Exception {
    fixture.start();
    String key = KeyHash.newKey();
    server("api_keys = keys");
    assertFalse(fixture.reload());
    assertEquals(200, pushed());
    // That it is missing is a state like any other: from here on it is looked at.
    fixture.untilLogged("changed: " + fixture.config.resolve("keys"));
    fixture.write("keys", line("mine", key));
    fixture.untilLogged("the configuration was read anew and is in use: it has changed");
    assertEquals(401, pushed());
  }
}
