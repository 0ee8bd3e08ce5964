// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.ReloadFixture.PHONE;
import static org.pushserver.ReloadFixture.token;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Settings of the door, changed in the files of a running server. */
@Timeout(60)
class ReloadDoorIT {
  private static final String KEY_LINE = "pbx " + "0123456789abcdef".repeat(4) + " *\n";

  @TempDir Path directory;
  private ReloadFixture fixture;

  @BeforeEach
  void start() throws Exception {
    fixture = new ReloadFixture(directory);
    fixture.start();
    assertEquals(200, fixture.rung(PHONE, token(1)));
  }

  @AfterEach
  void close() throws Exception {
    fixture.close();
  }

  private void general(String section, String line) throws Exception {
    fixture.edit("general.ini", text -> text.replace(section, section + "\n" + line));
  }

  @Test
  void keysAreNeededFromTheMomentTheirFileIsNamed() throws Exception {
    fixture.write("keys", KEY_LINE);
    general("[server]", "api_keys = keys");
    assertTrue(fixture.reload());
    assertEquals(401, fixture.rung(PHONE, token(2)));
  }

  @Test
  void aWrongLineAmongTheKeysChangesNothing() throws Exception {
    fixture.write("keys", KEY_LINE);
    general("[server]", "api_keys = keys");
    assertTrue(fixture.reload());
    fixture.write("keys", "pbx\n");
    assertFalse(fixture.reload());
    assertEquals(401, fixture.rung(PHONE, token(2)), "the door is not open for that");
    fixture.edit("general.ini", text -> text.replace("api_keys = keys\n", ""));
    assertTrue(fixture.reload());
    assertEquals(200, fixture.rung(PHONE, token(3)));
  }

  @Test
  void whatHasToWaitForTheNextStartIsToldOnce() throws Exception {
    fixture.edit("general.ini", text -> text + "\n[limits]\nmax_headers = 9000\n");
    assertTrue(fixture.reload());
    fixture.edit("general.ini", text -> text + "max_body = 9000\n");
    assertTrue(fixture.reload());
    assertEquals(1, fixture.logged("max_headers: 8192 holds until the next start"));
    assertEquals(200, fixture.rung(PHONE, token(2)));
  }
}
