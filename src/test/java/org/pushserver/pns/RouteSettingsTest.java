// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.TestTls;
import org.pushserver.pem.Pem;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;

class RouteSettingsTest {
  @TempDir Path dir;

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
      assertNotNull(RouteSettings.read(config(content), "x_ca_file", errors::add).ca(), content);
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
      assertNull(RouteSettings.read(config(content), "x_ca_file", errors::add).ca(), content);
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
