// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

/**
 * The certificates and keys of one sandbox, which stay the same from start to start, so that what
 * somebody has changed in its configuration goes on to fit. Worker thread.
 */
record SandboxSecrets(SandboxTls tls, SandboxKeys keys) {
  private static final String FILE = "secrets.json";

  /** Certificates that end sooner are made anew. */
  private static final Duration LEFT = Duration.ofDays(30);

  /** Those of an earlier start, or new ones where there are none, or they are about to end. */
  static SandboxSecrets in(Path directory) throws IOException, GeneralSecurityException {
    Path file = directory.resolve(FILE);
    if (Files.exists(file)) {
      try {
        SandboxSecrets known = read(new JsonObject(Files.readString(file)));
        known.tls().authority().certificate().checkValidity(Date.from(Instant.now().plus(LEFT)));
        return known;
      } catch (GeneralSecurityException | RuntimeException e) {
        // Of another version, or cut off: nobody but the sandbox reads it.
        Files.delete(file);
      }
    }
    SandboxSecrets made = new SandboxSecrets(SandboxTls.make(), SandboxKeys.make());
    SandboxFiles.folder(directory);
    SandboxFiles.writeSecret(file, made.toJson().encodePrettily());
    return made;
  }

  private static SandboxSecrets read(JsonObject json) throws GeneralSecurityException {
    return new SandboxSecrets(
        new SandboxTls(
            identity(json.getJsonObject("authority")),
            identity(json.getJsonObject("server")),
            identity(json.getJsonObject("client"))),
        new SandboxKeys(
            pair(json.getJsonObject("apns"), "EC"),
            pair(json.getJsonObject("account"), "RSA"),
            json.getString("legacy")));
  }

  private static Identity identity(JsonObject json) throws GeneralSecurityException {
    return new Identity(
        pair(json, "EC"),
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(json.getBinary("certificate"))));
  }

  private static KeyPair pair(JsonObject json, String algorithm) throws GeneralSecurityException {
    KeyFactory factory = KeyFactory.getInstance(algorithm);
    return new KeyPair(
        factory.generatePublic(new X509EncodedKeySpec(json.getBinary("public"))),
        factory.generatePrivate(new PKCS8EncodedKeySpec(json.getBinary("private"))));
  }

  private JsonObject toJson() throws GeneralSecurityException {
    return new JsonObject()
        .put("authority", json(tls.authority()))
        .put("server", json(tls.server()))
        .put("client", json(tls.client()))
        .put("apns", json(keys.apns()))
        .put("account", json(keys.account()))
        .put("legacy", keys.legacy());
  }

  private static JsonObject json(Identity identity) throws GeneralSecurityException {
    return json(identity.keys()).put("certificate", identity.certificate().getEncoded());
  }

  private static JsonObject json(KeyPair keys) {
    return new JsonObject()
        .put("private", keys.getPrivate().getEncoded())
        .put("public", keys.getPublic().getEncoded());
  }

  /** Without the keys. */
  @Override
  public String toString() {
    return "SandboxSecrets";
  }
}
