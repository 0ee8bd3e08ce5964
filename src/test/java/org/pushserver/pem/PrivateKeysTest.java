// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.pushserver.pem.Pem.PemException;

/** Keys out of PEM files, in whatever state they come. */
class PrivateKeysTest {
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
    String plain = Pem.write("PRIVATE KEY", ec.getEncoded());
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
    assertEquals(rsa, only(Pem.write("PRIVATE KEY", rsa.getEncoded())));
    assertEquals(rsa, only(Pem.write("RSA PRIVATE KEY", inner(rsa))));
    assertEquals(ec, only(Pem.write("EC PRIVATE KEY", inner(ec))));
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
  void aDamagedKeyIsRefusedWithoutBeingShown() {
    String text = Pem.write("PRIVATE KEY", new byte[] {1, 2, 3});
    PemException refusal = assertThrows(PemException.class, () -> only(text));
    assertEquals("the key is damaged, or neither RSA nor elliptic curve", refusal.getMessage());
  }
}
