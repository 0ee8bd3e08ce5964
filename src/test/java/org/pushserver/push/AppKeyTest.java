// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.push;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import org.junit.jupiter.api.Test;

class AppKeyTest {
  @Test
  void keysAreEqualWhenAllTheirPartsAre() {
    AppKey key = new AppKey("com.example.phone", AppKey.APPLE);
    AppKey same = new AppKey("com.example.phone", AppKey.APPLE);
    assertEquals(key, same);
    assertEquals(key.hashCode(), same.hashCode());
    assertNotEquals(key, new AppKey("com.example.phone", AppKey.FIREBASE));
    assertNotEquals(key, new AppKey("com.example.desk", AppKey.APPLE));
    assertEquals(2, AppKey.class.getRecordComponents().length, "these are all parts");
  }
}
