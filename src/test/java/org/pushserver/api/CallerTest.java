// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pushserver.config.ApiKey;
import org.pushserver.config.Right;
import org.pushserver.push.AppKey;

/** What a caller may do with one account. */
class CallerTest {
  private static final AppKey MINE = new AppKey("com.example.phone", AppKey.APPLE);
  private static final AppKey OTHER = new AppKey("com.example.phone", AppKey.FIREBASE);

  private static Caller caller(Right right, String... domains) {
    return new Caller(
        "192.0.2.1",
        new ApiKey(
            "pbx", "00".repeat(32), false, Set.of(), Set.of(MINE), Set.of(right), Set.of(domains)));
  }

  private static String refusal(Caller caller, Right right, String account) {
    RequestRefused refused = assertThrows(RequestRefused.class, () -> caller.with(right, account));
    assertEquals(403, refused.status());
    return refused.description();
  }

  @Test
  void whoseKeyIsLimitedToDomainsMayUseAnApplicationForTheirAccountsAlone() {
    Caller pbx = caller(Right.PUSH, "example.com");
    assertFalse(pbx.mayUse(MINE), "nobody has asked for which account");
    Caller admitted = pbx.with(Right.PUSH, "alice@example.com");
    assertTrue(admitted.mayUse(MINE));
    assertFalse(admitted.mayUse(OTHER), "its applications limit it still");
    assertEquals(pbx.account(), admitted.account());
    assertEquals(pbx.toString(), admitted.toString());
    assertEquals(
        "API key 'pbx' is limited to accounts of other domains than that of 'bob@example.net'",
        refusal(pbx, Right.PUSH, "bob@example.net"));
  }

  @Test
  void withoutTheRightNoAccountHelps() {
    Caller pbx = caller(Right.PUSH, "example.com");
    assertEquals(
        "API key 'pbx' has no right 'tokens'; its line in the file of keys says what it may do",
        refusal(pbx, Right.TOKENS, "alice@example.com"));
    assertTrue(refusal(pbx, Right.TOKENS, "bob@example.net").contains("has no right 'tokens'"));
  }

  @Test
  void whoMayStoreTokensOnlyMaySendNoPush() {
    Caller registrar = caller(Right.TOKENS);
    assertFalse(registrar.mayUse(MINE));
    assertTrue(registrar.with(Right.TOKENS, "alice").mayUse(MINE));
  }

  @Test
  void withoutKeysThereIsNoLimit() {
    Caller open = new Caller("192.0.2.1", null);
    assertSame(open, open.with(Right.TOKENS, "alice"));
    assertTrue(open.mayUse(MINE));
  }
}
