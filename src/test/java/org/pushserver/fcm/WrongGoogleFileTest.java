// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WrongGoogleFileTest {
  @TempDir Path directory;

  private String told(byte[] content) throws Exception {
    Path file = Files.write(directory.resolve("account.json"), content);
    List<String> problems = new ArrayList<>();
    assertEquals(Optional.empty(), ServiceAccountFile.read(file, problems));
    assertEquals(1, problems.size(), problems.toString());
    return problems.get(0).replace(directory + "/", "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"project_info\":{},\"client\":[]} | is google-services.json, which belongs into the Android",
        "{\"installed\":{\"client_id\":\"x\"}} | is an OAuth client of Google's",
        "{\"type\":\"authorized_user\"} | are the credentials of a person",
        "{\"type\":\"external_account\"} | is a workload identity federation",
        "{\"type\":\"other\"} | is no service account file: its field type",
        "-----BEGIN PRIVATE KEY----- | is PEM, not JSON",
        "<?xml?><!DOCTYPE plist> | is GoogleService-Info.plist",
        "<html> | is a web page",
      })
  void aFileThatIsTakenByMistakeIsToldApartAndTheRightOneIsNamed(String content, String what)
      throws Exception {
    String told = told(content.getBytes(StandardCharsets.UTF_8));
    assertTrue(told.startsWith("account.json: " + what), told);
    assertTrue(told.contains("Generate new private key"), told);
  }

  @Test
  void aBinaryKeyIsToldApart() throws Exception {
    String told = told(new byte[] {0x30, (byte) 0x82, 1, 0, 2, 1, 3});
    assertTrue(told.startsWith("account.json: is a binary key (.p12)"), told);
  }
}
