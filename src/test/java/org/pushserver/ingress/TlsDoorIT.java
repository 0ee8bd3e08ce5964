// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class TlsDoorIT {
  private static final char[] PASSWORD = "changeit".toCharArray();

  @TempDir static Path folder;

  private static Path pem;
  private static SSLContext trusting;

  @BeforeAll
  static void makeCertificate() throws Exception {
    Path store = folder.resolve("store.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keystore",
                store.toString(),
                "-storepass",
                new String(PASSWORD),
                "-alias",
                "door",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(keytool.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, keytool.exitValue());

    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    pem =
        Files.writeString(
            folder.resolve("server.pem"),
            pem("CERTIFICATE", keys.getCertificate("door").getEncoded())
                + pem("PRIVATE KEY", keys.getKey("door", PASSWORD).getEncoded()));

    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("door", keys.getCertificate("door"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    trusting = SSLContext.getInstance("TLS");
    trusting.init(null, trust.getTrustManagers(), null);
  }

  private static String pem(String label, byte[] der) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(label, Base64.getMimeEncoder().encodeToString(der));
  }

  private static TestDoor open(Path certificate) {
    return TestDoor.open(
        ScriptedDispatcher.withSamples(), TestDoor.settings(certificate, true, "127.0.0.1"));
  }

  private static HttpResponse<String> post(
      TestDoor door, HttpClient.Version version, HttpRequest.BodyPublisher body)
      throws IOException, InterruptedException {
    HttpClient client = HttpClient.newBuilder().sslContext(trusting).version(version).build();
    return client.send(
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + door.port() + "/push"))
            .POST(body)
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  @ParameterizedTest
  @EnumSource(HttpClient.Version.class)
  void oneFileWithChainAndKeyServesBothVersionsOfHttp(HttpClient.Version version) throws Exception {
    try (TestDoor door = open(pem)) {
      HttpResponse<String> answer =
          post(
              door, version, HttpRequest.BodyPublishers.ofByteArray(SampleRequest.apple().bytes()));
      assertEquals(200, answer.statusCode());
      assertEquals(version, answer.version());
    }
  }

  @Test
  void overHttp2RefusalsHaveTheSameShape() throws Exception {
    try (TestDoor door = open(pem)) {
      HttpResponse<String> bad =
          post(door, HttpClient.Version.HTTP_2, HttpRequest.BodyPublishers.ofString("{}"));
      assertEquals(400, bad.statusCode());
      assertEquals(
          "{\"code\":400,\"description\":\"Field 'app-id' required\",\"data\":\"\"}", bad.body());

      HttpResponse<String> tooLong =
          post(
              door,
              HttpClient.Version.HTTP_2,
              HttpRequest.BodyPublishers.ofString(" ".repeat(70_000)));
      assertEquals(413, tooLong.statusCode());
      assertTrue(tooLong.body().startsWith("{\"code\":413,"));
    }
  }

  @Test
  void tlsBelowVersion12IsRefused() throws Exception {
    try (TestDoor door = open(pem);
        Socket socket = trusting.getSocketFactory().createSocket("127.0.0.1", door.port())) {
      SSLSocket old = (SSLSocket) socket;
      old.setEnabledProtocols(new String[] {"TLSv1.1"});
      assertThrows(SSLException.class, old::startHandshake);
    }
  }

  @Test
  void aWrongCertificateStopsTheStart() throws Exception {
    Path wrong = Files.writeString(folder.resolve("wrong.pem"), "no certificate");
    assertThrows(CompletionException.class, () -> refuseToStart(wrong));
    assertThrows(CompletionException.class, () -> refuseToStart(folder.resolve("missing.pem")));
  }

  private static void refuseToStart(Path certificate) {
    try (TestDoor door = open(certificate)) {
      assertFalse(door.port() > 0, "there is no falling back to plain text");
    }
  }
}
