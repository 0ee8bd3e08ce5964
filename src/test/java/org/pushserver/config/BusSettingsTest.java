// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.spi.Problem;

class BusSettingsTest {
  private final Map<String, String> values = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private BusSettings read() {
    SectionReader in = new SectionReader("general.ini", "bus", values, problems::add);
    return BusSettings.read(in, ApiKeys.OPEN);
  }

  private String told() {
    return problems.isEmpty() ? "" : problems.get(0).severity() + " " + problems.get(0);
  }

  @Test
  void withoutAWordPushesAreTakenFromWhoeverIsOnTheBus() {
    assertEquals(new BusSettings(true, ApiKeys.OPEN, "pushserver"), read());
    assertEquals("", told());
  }

  @Test
  void theAddressesBeginWithThePrefix() {
    values.put("prefix", "eu.push-1");
    values.put("push", "no");
    BusSettings read = read();
    assertEquals("", told());
    assertEquals("eu.push-1.push", read.pushAddress());
    assertEquals("eu.push-1.results", read.resultsAddress());
    assertEquals("eu.push-1.status", read.statusAddress());
    assertEquals(false, read.push());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", ".a", "a..b", "a.", "ü", "a\nb"})
  void aPrefixThatIsNoneIsFatal(String wrong) {
    values.put("prefix", wrong);
    assertEquals("pushserver", read().prefix());
    assertEquals(
        "FATAL general.ini [bus] prefix: '"
            + wrong
            + "' is no beginning of an address: letters, digits, dashes and underscores, with dots"
            + " between them; correct it",
        told());
  }

  @Test
  void aWordThatIsNeitherYesNorNoIsFatalForItSaysWhoMayComeIn() {
    values.put("push", "nope");
    assertEquals(true, read().push());
    assertEquals("FATAL general.ini [bus] push: 'nope' is neither yes nor no; correct it", told());
  }

  @Test
  void keysThatHaveGoneAreThoseOfBefore() {
    ApiKeys keys =
        ApiKeys.of(List.of(new ApiKey("one", "00".repeat(32), true, Set.of(), Set.of())));
    BusSettings guarded = new BusSettings(true, keys, "pushserver");
    BusSettings open = new BusSettings(false, ApiKeys.OPEN, "other");
    assertEquals(new BusSettings(false, keys, "other"), open.withGuardsOf(guarded));
    assertEquals(guarded, guarded.withGuardsOf(open));
  }
}
