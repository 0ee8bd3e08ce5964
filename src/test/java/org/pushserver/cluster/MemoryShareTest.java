// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class MemoryShareTest {
  @Test
  void aLargeServerRemembersMoreThanASmallOne() {
    assertEquals(128_000, MemoryShare.entries(1_024_000_000, 16, 500));
    assertEquals(MemoryShare.FEWEST, MemoryShare.entries(64_000_000, 16, 500));
    assertEquals(Integer.MAX_VALUE, MemoryShare.entries(Long.MAX_VALUE, 16, 500));
  }
}
