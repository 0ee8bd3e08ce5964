// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.push;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DeviceTest {
  private static final String TOKEN = "6688ff9c0123456789abcdef";

  @Test
  void aDeviceIsShownByItsIdOrTheBeginningOfItsToken() {
    assertEquals("phone-1", new Device(TOKEN, "phone-1").toString());
    assertEquals("6688ff9c...", new Device(TOKEN, null).toString());
    assertEquals("...", new Device("6688ff9c", null).toString());
  }

  @Test
  void aTokenIsNotShownWhereverItStands() {
    assertEquals("6688ff9c...", new Device(TOKEN, TOKEN).toString());
    assertEquals("id-6688ff9c...-1", new Device(TOKEN, "id-" + TOKEN + "-1").toString());
    assertEquals("a 6688ff9c... b", new Device(TOKEN, null).cut("a " + TOKEN + " b"));
    assertEquals("t in text", new Device("t", null).cut("t in text"), "too short to be a secret");
  }
}
