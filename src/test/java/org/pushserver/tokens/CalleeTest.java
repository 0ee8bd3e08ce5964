// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CalleeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "none",
      value = {
        "bob@example.com | bob@example.com",
        "sip:Bob@Example.com | Bob@Example.com",
        "SIPS:bob@example.com:5061;transport=tls?x=y | bob@example.com",
        "\"Bob\" <sip:bob@example.com;user=phone>;tag=1 | bob@example.com",
        "sip:bob@[2001:db8::1]:5060 | bob@[2001:db8::1]:5060",
        "bob | bob",
        "sip: | none",
        "'' | none",
        "none | none",
        "<sip:bob@example.com | <sip:bob@example.com",
      })
  void theAccountIsWhatTheAddressNames(String address, String account) {
    assertEquals(account, Callee.account(address));
  }
}
