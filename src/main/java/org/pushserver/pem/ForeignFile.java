// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pem;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.Locale;

/**
 * Recognises files that are put where a PEM file belongs, and says how to make one of them. Pure;
 * nothing of a file's content is in what it says.
 */
final class ForeignFile {
  private static final int LOOKED_AT = 4096;

  private ForeignFile() {}

  /**
   * What a file is that has no PEM block in it.
   *
   * @return what it is and what to do, to be put after its name
   */
  static String describe(byte[] content) {
    if (content.length == 0) {
      return "it is empty";
    }
    if (starts(content, 0xFF, 0xFE) || starts(content, 0xFE, 0xFF)) {
      return "it is text in UTF-16; save it as UTF-8";
    }
    if (starts(content, 0xFE, 0xED, 0xFE, 0xED)) {
      return "it is a Java key store; write what is in it as PEM: keytool -importkeystore -srckeystore"
          + " FILE -destkeystore FILE.p12 -deststoretype PKCS12, then openssl pkcs12 -in FILE.p12"
          + " -nodes -out FILE.pem";
    }
    if (content[0] == 0x30) {
      return der(content);
    }
    String text =
        new String(content, 0, Math.min(content.length, LOOKED_AT), StandardCharsets.ISO_8859_1)
            .strip()
            .toLowerCase(Locale.ROOT);
    if (text.startsWith("{")) {
      return "it is JSON, not PEM; a service account of Google's belongs into"
          + " firebase_authorization_file";
    }
    if (text.startsWith("<")) {
      return "it is a web page or a property list, not PEM; download the file itself";
    }
    if (text.contains("-----begin ")) {
      return "it has the beginning of a PEM block and not its end; copy all of it, down to the last"
          + " line -----END …-----";
    }
    return "no PEM block (-----BEGIN …-----) in it";
  }

  private static boolean starts(byte[] content, int... bytes) {
    for (int i = 0; i < bytes.length; i++) {
      if (content.length <= i || (content[i] & 0xFF) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static String der(byte[] content) {
    if (isCertificate(content)) {
      return "it is a certificate in binary form (.cer, .der), not PEM, and has no key; write it as"
          + " PEM: openssl x509 -inform der -in FILE -out FILE.pem";
    }
    int version = versionAfterHeader(content);
    if (version == 3) {
      return "it is a PKCS#12 file (.p12, .pfx), not PEM; write what is in it as PEM: openssl pkcs12"
          + " -in FILE -nodes -out FILE.pem (with -legacy when openssl cannot read it)";
    }
    if (version == 0 || version == 1) {
      return "it is a key in binary form, not PEM; write it as PEM: openssl pkey -inform der -in FILE"
          + " -out FILE.pem";
    }
    return "it is binary, not PEM";
  }

  private static boolean isCertificate(byte[] content) {
    try {
      return CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(content))
          != null;
    } catch (CertificateException e) {
      return false;
    }
  }

  /** The INTEGER that a sequence begins with, as PKCS#12 and keys do; -1 when there is none. */
  private static int versionAfterHeader(byte[] content) {
    int lengthByte = content.length > 1 ? content[1] & 0xFF : 0;
    int at = lengthByte > 0x80 ? 2 + lengthByte - 0x80 : 2;
    boolean isInteger = at + 2 < content.length && content[at] == 2 && content[at + 1] == 1;
    return isInteger ? content[at + 2] : -1;
  }
}
