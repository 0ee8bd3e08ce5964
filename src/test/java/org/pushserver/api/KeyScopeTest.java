// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pushserver.config.ApiKey;
import org.pushserver.config.Right;
import org.pushserver.push.AppKey;
import org.pushserver.trail.TrailScope;

/** The filter by key, over each kind of key. */
class KeyScopeTest {
  private static final AppKey MINE = new AppKey("com.example.phone", AppKey.APPLE);
  private static final AppKey OTHER = new AppKey("com.example.phone", AppKey.FIREBASE);

  private static ApiKey key(boolean all, Right... rights) {
    return new ApiKey("desk", "00".repeat(32), all, Set.of(), Set.of(MINE), Set.of(rights));
  }

  @Test
  void aKeySeesItsApplicationsAndNoRequestWithoutOne() {
    TrailScope scope = KeyScope.of(key(false, Right.SEARCH));
    assertTrue(scope.sees(MINE));
    assertFalse(scope.sees(OTHER));
    assertFalse(scope.sees(null));
    assertTrue(KeyScope.of(key(false, Right.CONSOLE)).sees(MINE), "the console searches");
  }

  @Test
  void aKeyForAllApplicationsSeesEverything() {
    assertTrue(KeyScope.of(key(true, Right.SEARCH)).sees(null));
  }

  @Test
  void aKeyThatIsForPushesSeesNothing() {
    assertEquals(TrailScope.NONE, KeyScope.of(key(true, Right.PUSH, Right.ACKS)));
    assertEquals(TrailScope.NONE, KeyScope.of(null));
  }

  @Test
  void aKeyThatIsLimitedToDomainsSeesNothingWhateverItsLineSays() {
    ApiKey key =
        new ApiKey(
            "desk",
            "00".repeat(32),
            true,
            Set.of(),
            Set.of(),
            EnumSet.allOf(Right.class),
            Set.of("example.com"));
    assertEquals(TrailScope.NONE, KeyScope.of(key));
  }

  @Test
  void theOperatorNeedsNoKey() {
    assertEquals(TrailScope.ALL, KeyScope.of(true, null));
    assertEquals(TrailScope.NONE, KeyScope.of(false, null));
  }
}
