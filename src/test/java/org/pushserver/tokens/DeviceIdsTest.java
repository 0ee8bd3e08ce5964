// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DeviceIdsTest {
  private static final String ENDS_IN_D = "0c5a0e28-1111-4c11-8c11-00000000000d";

  @Test
  void theOldSystemTookTheLettersOfItsPrefixFromBothEnds() {
    assertEquals("evA", DeviceIds.mangled("devA"));
    assertEquals("0c5a0e28-1111-4c11-8c11-00000000000", DeviceIds.mangled(ENDS_IN_D));
    assertEquals("", DeviceIds.mangled("did"));
    assertEquals("abc", DeviceIds.mangled("abc"));
  }

  @Test
  void anIdAndItsMangledFormAreOneDevice() {
    assertTrue(DeviceIds.isSame(ENDS_IN_D, ENDS_IN_D));
    assertTrue(DeviceIds.isSame(ENDS_IN_D, DeviceIds.mangled(ENDS_IN_D)));
    assertTrue(DeviceIds.isSame("evA", "devA"));
    assertFalse(DeviceIds.isSame("evA", "evB"));
    assertFalse(DeviceIds.isSame("aevA", "devA"));
  }
}
