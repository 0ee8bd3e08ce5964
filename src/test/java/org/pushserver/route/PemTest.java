// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.TestTls;
import org.pushserver.push.AppKey;
import org.pushserver.route.Pem.PemException;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;

class PemTest {
  @TempDir Path dir;

  @Test
  void severalBlocksKeepTheirOrder() throws Exception {
    List<Pem> blocks =
        Pem.parse(
            Pem.write("CERTIFICATE", new byte[] {1}) + Pem.write("PRIVATE KEY", new byte[] {2}));
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
  void ofACaFileTheCertificatesCountWhateverIsAroundThem() throws Exception {
    String ca = Files.readString(TestTls.create(dir).ca());
    for (String content :
        List.of(
            ca,
            "\u00ef\u00bb\u00bf" + ca.replace("\n", "\r\n"),
            "subject=CN=Test authority\n" + Pem.write("PRIVATE KEY", new byte[] {1}) + ca,
            ca + ca)) {
      List<Problem> errors = new ArrayList<>();
      assertTrue(CaFile.read(config(content), "x_ca_file", errors::add).isPresent(), content);
      assertEquals(List.of(), errors);
    }
  }

  @Test
  void aCaFileWithoutAGoodCertificateIsAProblemOfItsKey() throws Exception {
    for (String content :
        List.of(
            "",
            "nope",
            Pem.write("PRIVATE KEY", new byte[] {1}),
            Pem.write("CERTIFICATE", new byte[] {1}))) {
      List<Problem> errors = new ArrayList<>();
      assertTrue(CaFile.read(config(content), "x_ca_file", errors::add).isEmpty(), content);
      assertEquals(1, errors.size());
      assertEquals("x_ca_file", errors.get(0).key());
    }
  }

  private AppConfig config(String content) throws Exception {
    Path file = Files.writeString(dir.resolve("extra.pem"), content);
    return new AppConfig(
        "applications.ini",
        "phone",
        new AppKey("com.example.phone", AppKey.APPLE),
        "sylk",
        Map.of("x_ca_file", file.toString()),
        dir,
        Delivery.DEFAULT);
  }
}
