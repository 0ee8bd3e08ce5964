// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;

/**
 * A Google service account of a test's own.
 *
 * @param keys RSA, 2048 bits
 */
public record TestAccount(KeyPair keys) {
  public static final String EMAIL = "sender@test-project.iam.gserviceaccount.com";
  public static final String KEY_ID = "0123456789abcdef";
  public static final String PROJECT = "test-project";

  private static final class Shared {
    static final TestAccount ACCOUNT = make();

    private static TestAccount make() {
      try {
        return create();
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** One for all tests of this JVM. */
  public static TestAccount shared() {
    return Shared.ACCOUNT;
  }

  /** Makes one with a key of its own; takes a moment. */
  public static TestAccount create() throws GeneralSecurityException {
    return create("RSA", 2048);
  }

  /** Makes one with a key that Google would not give out. */
  public static TestAccount create(String algorithm, int bits) throws GeneralSecurityException {
    return new TestAccount(TestKeys.pair(algorithm, bits));
  }

  /** The private key as PEM, with line ends. */
  public String pem() {
    return TestKeys.pem(keys.getPrivate());
  }

  /** The account's file, to be changed at will. */
  public JsonObject json(String tokenUri) {
    return new JsonObject()
        .put("type", "service_account")
        .put("project_id", PROJECT)
        .put("private_key_id", KEY_ID)
        .put("private_key", pem())
        .put("client_email", EMAIL)
        .put("client_id", "1")
        .put("token_uri", tokenUri);
  }

  /** Writes the account's file. */
  public Path write(Path file, String tokenUri) throws IOException {
    return Files.writeString(file, json(tokenUri).encodePrettily());
  }
}
