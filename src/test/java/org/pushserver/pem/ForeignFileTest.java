// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.TestTls;
import org.pushserver.pem.Pem.PemException;

class ForeignFileTest {
  @TempDir Path dir;

  private String told(byte[] content) throws Exception {
    Path file = Files.write(dir.resolve("wrong"), content);
    String message = assertThrows(PemException.class, () -> Pem.read(file)).getMessage();
    assertTrue(message.startsWith(file + ": "), message);
    return message.substring(file.toString().length() + 2);
  }

  private String told(String content) throws Exception {
    return told(content.getBytes(StandardCharsets.UTF_8));
  }

  private static X509Bundle bundle() throws Exception {
    return TestTls.valid().subject("CN=door").setIsCertificateAuthority(true).buildSelfSigned();
  }

  @Test
  void aBinaryCertificateIsToldApart() throws Exception {
    String hint = told(bundle().getCertificate().getEncoded());
    assertTrue(hint.startsWith("it is a certificate in binary form (.cer, .der)"), hint);
    assertTrue(hint.contains("openssl x509 -inform der"), hint);
  }

  @Test
  void aP12IsToldApart() throws Exception {
    var store = bundle().toKeyStore("PKCS12", "secret".toCharArray());
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    store.store(out, "secret".toCharArray());
    String hint = told(out.toByteArray());
    assertTrue(hint.startsWith("it is a PKCS#12 file (.p12, .pfx)"), hint);
    assertTrue(hint.contains("openssl pkcs12"), hint);
  }

  @Test
  void aBinaryKeyIsToldApart() throws Exception {
    String hint = told(bundle().getKeyPair().getPrivate().getEncoded());
    assertTrue(hint.startsWith("it is a key in binary form"), hint);
  }

  @Test
  void textThatIsNoPemIsToldApart() throws Exception {
    assertEquals("it is empty", told(""));
    assertTrue(told("{\"type\": \"service_account\"}").startsWith("it is JSON, not PEM"));
    assertTrue(told("<!doctype html>").startsWith("it is a web page"));
    assertTrue(told("\uFEFFx".getBytes(StandardCharsets.UTF_16LE)).startsWith("it is text in UTF"));
    assertTrue(
        told("-----BEGIN PRIVATE KEY-----\nabc").startsWith("it has the beginning of a PEM"));
    assertEquals("no PEM block (-----BEGIN …-----) in it", told("hello"));
    assertEquals("it is binary, not PEM", told(new byte[] {0x30, 0x03, 0x04, 0x01, 0x00}));
  }
}
