// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.concurrent.CompletableFuture;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Calls a sandbox with the JDK's HTTP client and nothing but the files that the sandbox wrote. */
final class SandboxCaller {
  static final String TOKEN = "ab".repeat(32);
  static final String TOPIC = "com.example.phone.voip";
  static final String SCOPE = "https://www.googleapis.com/auth/firebase.messaging";

  private static final char[] NO_PASSWORD = new char[0];

  private final Sandbox sandbox;
  private final HttpClient http;

  SandboxCaller(Sandbox sandbox) throws GeneralSecurityException, IOException {
    this.sandbox = sandbox;
    http = client(null, HttpClient.Version.HTTP_2);
  }

  /**
   * @param identity PEM with certificate and key to show; null for none
   */
  HttpClient client(Path identity, HttpClient.Version version)
      throws GeneralSecurityException, IOException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", certificate(Files.readString(sandbox.caFile())));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    if (identity != null) {
      Certificate[] chain = {certificate(Files.readString(identity))};
      own.setKeyEntry("own", privateKey(Files.readString(identity), "EC"), NO_PASSWORD, chain);
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(own, NO_PASSWORD);
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return HttpClient.newBuilder().version(version).sslContext(tls).build();
  }

  private static Certificate certificate(String pem) throws GeneralSecurityException {
    return CertificateFactory.getInstance("X.509")
        .generateCertificate(new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII)));
  }

  private static PrivateKey privateKey(String pem, String algorithm)
      throws GeneralSecurityException {
    String base64 =
        pem.replaceAll("(?s).*-----BEGIN PRIVATE KEY-----(.*)-----END PRIVATE KEY-----.*", "$1");
    return KeyFactory.getInstance(algorithm)
        .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
  }

  private Path credential(String name) {
    return sandbox.configDirectory().resolve("credentials").resolve(name);
  }

  HttpResponse<String> apns(String providerToken) throws IOException, InterruptedException {
    return http.send(apnsRequest(providerToken), HttpResponse.BodyHandlers.ofString());
  }

  HttpRequest apnsRequest(String providerToken) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(
                URI.create("https://127.0.0.1:" + sandbox.apnsPort() + "/3/device/" + TOKEN))
            .header("apns-topic", TOPIC)
            .header("apns-push-type", "voip")
            .timeout(Duration.ofSeconds(10))
            .POST(HttpRequest.BodyPublishers.ofString("{}"));
    return (providerToken == null
            ? builder
            : builder.header("authorization", "bearer " + providerToken))
        .build();
  }

  String providerToken(Duration age) throws GeneralSecurityException, IOException, JOSEException {
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.ES256).keyID(SandboxKeys.KEY_ID).build(),
            new JWTClaimsSet.Builder()
                .issuer(SandboxKeys.TEAM_ID)
                .issueTime(Date.from(Instant.now().minus(age)))
                .build());
    PrivateKey key = privateKey(Files.readString(credential("apns.p8")), "EC");
    jwt.sign(new ECDSASigner((ECPrivateKey) key));
    return jwt.serialize();
  }

  String assertion(String issuer, String audience, String scope, Instant issued, Instant expiry)
      throws GeneralSecurityException, IOException, JOSEException {
    JsonObject account = new JsonObject(Files.readString(credential("firebase.json")));
    SignedJWT jwt =
        new SignedJWT(
            new JWSHeader.Builder(JWSAlgorithm.RS256)
                .keyID(account.getString("private_key_id"))
                .build(),
            new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(audience)
                .claim("scope", scope)
                .issueTime(Date.from(issued))
                .expirationTime(Date.from(expiry))
                .build());
    jwt.sign(new RSASSASigner(privateKey(account.getString("private_key"), "RSA")));
    return jwt.serialize();
  }

  HttpResponse<String> oauth(String assertion) throws IOException, InterruptedException {
    String form =
        "grant_type="
            + URLEncoder.encode(
                "urn:ietf:params:oauth:grant-type:jwt-bearer", StandardCharsets.UTF_8)
            + "&assertion="
            + URLEncoder.encode(assertion, StandardCharsets.UTF_8);
    return http.send(
        HttpRequest.newBuilder(URI.create(OauthStandIn.uri(sandbox.fcmPort())))
            .header("content-type", "application/x-www-form-urlencoded")
            .POST(HttpRequest.BodyPublishers.ofString(form))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  String accessToken() throws Exception {
    JsonObject account = new JsonObject(Files.readString(credential("firebase.json")));
    Instant now = Instant.now();
    String assertion =
        assertion(
            account.getString("client_email"),
            account.getString("token_uri"),
            SCOPE,
            now,
            now.plusSeconds(3600));
    return new JsonObject(oauth(assertion).body()).getString("access_token");
  }

  HttpResponse<String> fcm(String accessToken, JsonObject body)
      throws IOException, InterruptedException {
    String path = "/v1/projects/" + SandboxKeys.PROJECT + "/messages:send";
    return http.send(
        HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + sandbox.fcmPort() + path))
            .header("authorization", "Bearer " + accessToken)
            .header("content-type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.encode()))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  HttpResponse<String> control(String method, String path, String body)
      throws IOException, InterruptedException {
    return http.send(controlRequest(method, path, body), HttpResponse.BodyHandlers.ofString());
  }

  CompletableFuture<HttpResponse<String>> controlAsync(String path) {
    return http.sendAsync(controlRequest("GET", path, ""), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest controlRequest(String method, String path, String body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + sandbox.controlPort() + path))
        .method(method, HttpRequest.BodyPublishers.ofString(body))
        .build();
  }
}
