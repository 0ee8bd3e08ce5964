// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a key may do that is limited to the accounts of some domains. */
class ApiKeyTest {
  private static ApiKey key(Set<Right> rights, String... domains) {
    return new ApiKey("pbx", "00".repeat(32), true, Set.of(), Set.of(), rights, Set.of(domains));
  }

  @ParameterizedTest
  @EnumSource(Right.class)
  void withoutAnAccountItMayDoNothing(Right right) {
    ApiKey limited = key(Set.of(Right.values()), "example.com");
    assertFalse(limited.may(right));
    assertTrue(limited.hasRight(right));
    assertTrue(key(Set.of(Right.values())).may(right), "without a limit it may");
  }

  @ParameterizedTest
  @ValueSource(strings = {"alice@example.com", "alice@EXAMPLE.com", "+49@example.com"})
  void itMayWhatItIsForWithTheAccountsOfItsDomain(String account) {
    ApiKey limited = key(Set.of(Right.TOKENS), "example.com", "example.org");
    assertTrue(limited.may(Right.TOKENS, account));
    assertFalse(limited.may(Right.PUSH, account));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "alice",
        "",
        "@example.com",
        "example.com",
        "alice@",
        "alice@example.net",
        "alice@example.com.",
        "alice@sub.example.com",
        "alice@notexample.com",
        "alice@example.com:5060",
        "alice@example.com;x",
        "alice@example.com ",
        "alice@example.com\0",
        "alice@example.net@example.com",
        "alice@example.com@example.net",
        "alice@e\u00d7ample.com"
      })
  void itMayNothingWithOthers(String account) {
    assertFalse(key(Set.of(Right.values()), "example.com").may(Right.PUSH, account));
    assertTrue(key(Set.of(Right.PUSH)).may(Right.PUSH, account), "without a limit it may");
  }

  @Test
  void noOtherLetterIsTakenForOneOfADomain() {
    assertFalse(key(Set.of(Right.PUSH), "kamailio.org").may(Right.PUSH, "a@\u212aamailio.org"));
  }

  @ParameterizedTest
  @EnumSource(Right.class)
  void whatIsOfAccountsIsToPushAndToStore(Right right) {
    assertEquals(right == Right.PUSH || right == Right.TOKENS, right.isOfAccounts());
  }
}
