// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * The topics that a push certificate is for: the user ID of its subject, and those that Apple lists
 * in extensions of its own. Facts: Apple, "Sending notification requests to APNs". Pure.
 */
final class CertificateTopics {
  private static final List<String> EXTENSIONS =
      List.of("1.2.840.113635.100.6.3.4", "1.2.840.113635.100.6.3.6");
  private static final String VOIP = ".voip";

  private static final int CONSTRUCTED = 0x20;
  private static final int OCTET_STRING = 0x04;
  private static final int UTF8_STRING = 0x0c;

  private CertificateTopics() {}

  /** Empty when the certificate names none: then anything may be right. */
  static Set<String> of(X509Certificate certificate) {
    Set<String> topics = new LinkedHashSet<>();
    try {
      // RFC 4514 names the attribute, once it is told what the number means.
      String subject =
          certificate
              .getSubjectX500Principal()
              .getName("RFC2253", Map.of("0.9.2342.19200300.100.1.1", "UID"));
      for (Rdn part : new LdapName(subject).getRdns()) {
        if ("UID".equalsIgnoreCase(part.getType()) && part.getValue() instanceof String uid) {
          topics.add(uid);
        }
      }
    } catch (InvalidNameException e) {
      // A subject that is no name tells no topic; the extensions still may.
      topics.clear();
    }
    for (String extension : EXTENSIONS) {
      byte[] value = certificate.getExtensionValue(extension);
      if (value != null) {
        collect(value, 0, value.length, topics);
      }
    }
    return topics;
  }

  /** Whether one of the topics, VoIP or not, is this bundle ID. */
  static boolean cover(Set<String> topics, String bundleId) {
    return topics.isEmpty() || topics.contains(bundleId) || topics.contains(bundleId + VOIP);
  }

  /** The texts in a DER structure of any shape; what is not DER ends the search. */
  private static void collect(byte[] der, int from, int to, Set<String> texts) {
    int at = from;
    while (at + 2 <= to) {
      int tag = der[at] & 0xff;
      int length = der[at + 1] & 0xff;
      at += 2;
      if (length >= 0x80) {
        int bytes = length & 0x7f;
        if (bytes == 0 || bytes > 3 || at + bytes > to) {
          return;
        }
        length = 0;
        for (int i = 0; i < bytes; i++) {
          length = (length << 8) | (der[at++] & 0xff);
        }
      }
      if (length > to - at) {
        return;
      }
      if (tag == UTF8_STRING) {
        texts.add(new String(der, at, length, StandardCharsets.UTF_8));
      } else if (tag == OCTET_STRING || (tag & CONSTRUCTED) != 0) {
        collect(der, at, at + length, texts);
      }
      at += length;
    }
  }
}
