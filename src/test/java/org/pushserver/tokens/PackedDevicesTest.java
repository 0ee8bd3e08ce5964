// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.pushserver.push.AppKey;

class PackedDevicesTest {
  private static final String BOB = "bob@example.com";
  private static final AppKey APPLE = new AppKey("com.example.phone", AppKey.APPLE);
  private static final String UUID = "0a9f3b52-7a4c-4e1e-9d55-0c2b6a1f7e88";

  private final PackedDevices packed = new PackedDevices();

  private static StoredToken device(
      int app, String id, String token, String background, String userAgent) {
    AppKey key = new AppKey("com.example.phone" + app, AppKey.FIREBASE);
    return new StoredToken(
        BOB, key, id, token, background, app % 2 == 0, userAgent, app, Long.MAX_VALUE - app);
  }

  private void comesBack(List<StoredToken> devices) {
    assertEquals(devices, packed.unpack(BOB, packed.pack(devices)));
  }

  @Test
  void whatIsPackedComesBackAsItWas() {
    String hex = "0123456789abcdef".repeat(4);
    comesBack(List.of());
    comesBack(
        List.of(
            device(0, UUID, hex, hex, "Phone/1"),
            device(1, UUID.toUpperCase(Locale.ROOT), "A" + hex, null, null),
            device(2, "ö\uD83D\uDE00", "\u4E16".repeat(4000), hex.toUpperCase(Locale.ROOT), ""),
            device(3, "i".repeat(127), "t".repeat(128), "b".repeat(16_384), "u".repeat(70_000)),
            device(4, "-", "0".repeat(31), "0".repeat(32), null)));
  }

  @Test
  void moreApplicationsThanOneByteCountsAreToldApart() {
    comesBack(IntStream.range(0, 1000).mapToObj(i -> device(i, UUID, "t", null, null)).toList());
  }

  @Test
  void anIphoneTakesNoMoreBytesThanWhatIsSaidOfIt() {
    String hex = "0123456789abcdef".repeat(4);
    StoredToken phone =
        new StoredToken(BOB, APPLE, UUID, hex, hex, true, "Example Phone/3.2.1 (iOS 19.1)", 1, 1);
    int bytes = packed.pack(List.of(phone)).length;
    assertTrue(bytes <= 16 + 32 + 32 + 30 + 16 + 6, bytes + " bytes");
  }
}
