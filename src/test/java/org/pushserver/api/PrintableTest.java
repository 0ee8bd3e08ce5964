// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class PrintableTest {
  @Test
  void shortTextIsQuotedWhole() {
    assertEquals("'Ünï 📞'", Printable.quote("Ünï 📞"));
    assertEquals("'" + "x".repeat(40) + "'", Printable.quote("x".repeat(40)));
  }

  @Test
  void longTextIsCutBetweenCharacters() {
    assertEquals("'" + "📞".repeat(40) + "…'", Printable.quote("📞".repeat(41)));
  }

  @Test
  void whatDoesNotPrintBecomesAQuestionMark() {
    assertEquals("'a?b?c?d?e'", Printable.quote("a\nb\u202ec\ud800d\0e"));
  }
}
