// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pem;

import java.io.ByteArrayOutputStream;
import java.security.KeyFactory;
import java.security.NoSuchAlgorithmException;
import java.security.PrivateKey;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.pushserver.pem.Pem.PemException;

/** Private keys in the three forms that PEM files have them in. Pure. */
public final class PrivateKeys {
  // The part of a PKCS#8 key (RFC 5208) that names the algorithm: version 0, then the identifiers
  // of RFC 8017 for RSA and of RFC 5480 for elliptic curves.
  private static final byte[] VERSION = {2, 1, 0};
  private static final byte[] RSA = HexFormat.of().parseHex("06092a864886f70d0101010500");
  private static final byte[] EC = HexFormat.of().parseHex("06072a8648ce3d0201");
  private static final byte[] P_256 = HexFormat.of().parseHex("06082a8648ce3d030107");
  private static final byte[] P_384 = HexFormat.of().parseHex("06052b81040022");
  private static final byte[] P_521 = HexFormat.of().parseHex("06052b81040023");

  private static final int SEQUENCE = 0x30;
  private static final int OCTET_STRING = 0x04;

  private PrivateKeys() {}

  /**
   * Reads a key, RSA or elliptic curve.
   *
   * @throws PemException says what is wrong with it, and nothing of what is in it
   */
  public static PrivateKey read(Pem pem) throws PemException {
    if (pem.encrypted()) {
      throw new PemException(
          "the key is encrypted; write it without a password: openssl pkey -in FILE -out NEWFILE");
    }
    return switch (pem.label()) {
      case "PRIVATE KEY" -> decode(pem.der());
      case "RSA PRIVATE KEY" -> decode(pkcs8(RSA, pem.der()));
      case "EC PRIVATE KEY" -> decode(pkcs8(joined(EC, curve(pem.der())), pem.der()));
      default -> throw new PemException("a key of the form " + pem.label() + " is not supported");
    };
  }

  /**
   * Reads the keys among some blocks, passing over those that cannot be read as long as another
   * can.
   *
   * @return at least one, each once
   * @throws PemException when there is none
   */
  public static List<PrivateKey> readAll(List<Pem> blocks) throws PemException {
    Set<PrivateKey> keys = new LinkedHashSet<>();
    PemException unreadable = null;
    for (Pem block : blocks) {
      if (block.isKey()) {
        try {
          keys.add(read(block));
        } catch (PemException e) {
          unreadable = e;
        }
      }
    }
    if (keys.isEmpty()) {
      throw unreadable == null ? new PemException(Pem.missing("private key", blocks)) : unreadable;
    }
    return List.copyOf(keys);
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
    return tagged(
        SEQUENCE, joined(VERSION, tagged(SEQUENCE, algorithm), tagged(OCTET_STRING, key)));
  }

  /** The curve that a key in the form of RFC 5915 names; P-256 when it leaves that to others. */
  private static byte[] curve(byte[] key) {
    // The name is short, and stands nowhere else than among the parameters.
    for (byte[] curve : List.of(P_384, P_521)) {
      for (int at = 0; at + curve.length <= key.length; at++) {
        if (Arrays.equals(key, at, at + curve.length, curve, 0, curve.length)) {
          return curve;
        }
      }
    }
    return P_256;
  }

  private static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
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
