// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.pem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.pem.Pem.PemException;

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
}
