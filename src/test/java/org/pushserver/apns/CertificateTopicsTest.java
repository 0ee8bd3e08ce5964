// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.TestTls;

class CertificateTopicsTest {
  private static final String LIST = "1.2.840.113635.100.6.3.6";

  private static byte[] der(int tag, byte[]... parts) {
    ByteArrayOutputStream value = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      value.writeBytes(part);
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(tag);
    all.write(0x81);
    all.write(value.size());
    all.writeBytes(value.toByteArray());
    return all.toByteArray();
  }

  private static byte[] text(String text) {
    return der(0x0c, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void theSubjectsUserIdIsATopic() throws Exception {
    assertEquals(
        Set.of("com.example.phone"),
        CertificateTopics.of(
            TestTls.valid()
                .subject("CN=Apple Push, UID=com.example.phone, C=US")
                .setIsCertificateAuthority(true)
                .buildSelfSigned()
                .getCertificate()));
  }

  @Test
  void applesListsAreTopicsToo() throws Exception {
    byte[] list =
        der(
            0x30,
            text("com.example.phone"),
            der(0x30, text("app")),
            text("com.example.phone.voip"),
            der(0x30, text("voip")));
    Set<String> topics =
        CertificateTopics.of(
            TestTls.valid()
                .subject("CN=Apple Push")
                .addExtensionOctetString(LIST, false, list)
                .setIsCertificateAuthority(true)
                .buildSelfSigned()
                .getCertificate());
    assertTrue(topics.containsAll(Set.of("com.example.phone", "com.example.phone.voip")));
  }

  @Test
  void aDamagedListIsIgnored() throws Exception {
    for (byte[] list : new byte[][] {{}, {0x30}, {0x30, (byte) 0x84, 1, 1, 1, 1}, {0x0c, 9, 1}}) {
      assertEquals(
          Set.of(),
          CertificateTopics.of(
              TestTls.valid()
                  .subject("CN=Apple Push")
                  .addExtensionOctetString(LIST, false, list)
                  .setIsCertificateAuthority(true)
                  .buildSelfSigned()
                  .getCertificate()));
    }
  }

  @Test
  void aVoipCertificateCoversItsAppAndNoTopicsCoverAll() {
    assertTrue(CertificateTopics.cover(Set.of("a.b.voip"), "a.b"));
    assertTrue(CertificateTopics.cover(Set.of("a.b"), "a.b"));
    assertTrue(CertificateTopics.cover(Set.of(), "a.b"));
    assertFalse(CertificateTopics.cover(Set.of("a.b.c"), "a.b"));
  }
}
