// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.pem.Pem.PemException;

class PemTest {
  @TempDir Path dir;
  private static PrivateKey ec;
  private static PrivateKey rsa;

  @BeforeAll
  static void makeKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    ec = pair.getPrivate();
    generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    rsa = generator.generateKeyPair().getPrivate();
  }

  private static PrivateKey only(String text) throws PemException {
    List<Pem> blocks = Pem.parse(text);
    assertEquals(1, blocks.size());
    return PrivateKeys.read(blocks.get(0));
  }

  @Test
  void whatHappensToKeysOnTheirWayToAServerDoesNoHarm() throws Exception {
    String plain = Pem.encode("PRIVATE KEY", ec.getEncoded());
    List<UnaryOperator<String>> ways =
        List.of(
            text -> text,
            text -> text.replace("\n", "\r\n"),
            text -> "\u00ef\u00bb\u00bf" + text,
            String::strip,
            text -> text.replace("\n", "\\n"),
            text -> text.replace("\n", "\\r\\n"),
            text -> text.replace("\n", ""),
            text -> text.replace("\n", "\n  "),
            text -> "Bag Attributes\n    friendlyName: Push\n" + text + "\nand more");
    for (UnaryOperator<String> way : ways) {
      assertEquals(ec, only(way.apply(plain)));
    }
  }

  @Test
  void keysInTheirOldFormsAreReadToo() throws Exception {
    assertEquals(rsa, only(Pem.encode("PRIVATE KEY", rsa.getEncoded())));
    assertEquals(rsa, only(Pem.encode("RSA PRIVATE KEY", inner(rsa))));
    assertEquals(ec, only(Pem.encode("EC PRIVATE KEY", inner(ec))));
  }

  /** What PKCS#8 wraps: from the last octet string at the outer level on. */
  private static byte[] inner(PrivateKey key) {
    byte[] pkcs8 = key.getEncoded();
    boolean isRsa = "RSA".equals(key.getAlgorithm());
    // Outer sequence, version, algorithm, and the octet string's own tag and length.
    int from = isRsa ? 4 + 3 + 15 + 4 : 2 + 3 + 21 + 2;
    return Arrays.copyOfRange(pkcs8, from, pkcs8.length);
  }

  @Test
  void anEncryptedKeyIsNamedAsSuch() throws Exception {
    for (String text :
        List.of(
            "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----",
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES,00\n\nAAAA\n"
                + "-----END RSA PRIVATE KEY-----")) {
      Pem block = Pem.parse(text).get(0);
      assertTrue(block.isKey());
      PemException refusal = assertThrows(PemException.class, () -> PrivateKeys.read(block));
      assertTrue(refusal.getMessage().startsWith("the key is encrypted"), refusal.getMessage());
    }
  }

  @Test
  void severalBlocksKeepTheirOrder() throws Exception {
    List<Pem> blocks =
        Pem.parse(
            Pem.encode("CERTIFICATE", new byte[] {1}) + Pem.encode("PRIVATE KEY", new byte[] {2}));
    assertEquals("[CERTIFICATE, PRIVATE KEY]", blocks.toString());
    assertTrue(blocks.get(0).isCertificate());
    assertFalse(blocks.get(0).isKey());
    assertArrayEquals(new byte[] {2}, blocks.get(1).der());
  }

  @Test
  void whatIsNoPemIsRefusedWithTheFilesName() throws Exception {
    Path file = Files.writeString(dir.resolve("key.p8"), "hello");
    assertTrue(message(file).startsWith(file + ": no PEM block"), message(file));
    Files.writeString(file, "-----BEGIN PRIVATE KEY-----\n!!\n-----END PRIVATE KEY-----");
    assertEquals(file + ": the block PRIVATE KEY is damaged", message(file));
    Path missing = dir.resolve("missing.pem");
    assertEquals("there is no file " + missing, message(missing));
    assertTrue(message(dir).contains(dir.toString()));
  }

  private static String message(Path file) {
    return assertThrows(PemException.class, () -> Pem.read(file)).getMessage();
  }

  @Test
  void aDamagedKeyIsRefusedWithoutBeingShown() {
    String text = Pem.encode("PRIVATE KEY", new byte[] {1, 2, 3});
    PemException refusal = assertThrows(PemException.class, () -> only(text));
    assertEquals("the key is damaged, or neither RSA nor elliptic curve", refusal.getMessage());
  }
}
