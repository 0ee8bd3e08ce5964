// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import java.io.ByteArrayOutputStream;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.HexFormat;
import java.util.Optional;
import org.pushserver.route.Pem;
import org.pushserver.route.Pem.PemException;

/** Private keys in the three forms that PEM files have them in. Pure. */
final class PrivateKeys {
  // The part of a PKCS#8 key (RFC 5208) that names the algorithm: version 0, then the identifiers
  // of RFC 8017 for RSA and of RFC 5480 for elliptic curves with P-256.
  private static final byte[] RSA = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");
  private static final byte[] EC_P256 =
      HexFormat.of().parseHex("020100301306072a8648ce3d020106082a8648ce3d030107");

  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;

  private PrivateKeys() {}

  static PrivateKey read(Pem pem) throws PemException {
    if (pem.encrypted()) {
      throw new PemException(
          "the key is encrypted; write it without a password: openssl pkey -in FILE -out NEWFILE");
    }
    return switch (pem.label()) {
      case "PRIVATE KEY" -> decode(pem.der());
      case "RSA PRIVATE KEY" -> decode(pkcs8(RSA, pem.der()));
      case "EC PRIVATE KEY" -> decode(pkcs8(EC_P256, pem.der()));
      default -> throw new PemException("a key of the form " + pem.label() + " is not supported");
    };
  }

  private static PrivateKey decode(byte[] pkcs8) throws PemException {
    // The key says which of the two it is, but only the factories can read it.
    return decode("EC", pkcs8)
        .or(() -> decode("RSA", pkcs8))
        .orElseThrow(
            () -> new PemException("the key is damaged, or neither RSA nor elliptic curve"));
  }

  private static Optional<PrivateKey> decode(String algorithm, byte[] pkcs8) {
    try {
      KeyFactory factory = KeyFactory.getInstance(algorithm);
      return Optional.of(factory.generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
    } catch (InvalidKeySpecException | NoSuchAlgorithmException e) {
      return Optional.empty();
    }
  }

  private static byte[] pkcs8(byte[] algorithm, byte[] key) {
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    content.writeBytes(algorithm);
    content.writeBytes(tagged(OCTET_STRING, key));
    return tagged(SEQUENCE, content.toByteArray());
  }

  /** DER: tag, length in as few bytes as it takes, value; for values up to 64 KiB. */
  private static byte[] tagged(int tag, byte[] value) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(tag);
    if (value.length < 0x80) {
      out.write(value.length);
    } else if (value.length < 0x100) {
      out.write(0x81);
      out.write(value.length);
    } else {
      out.write(0x82);
      out.write(value.length >> 8);
      out.write(value.length);
    }
    out.writeBytes(value);
    return out.toByteArray();
  }
}
