// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyNamesTest {
  @Test
  void theNearestNameIsTheOneThatWasMeant() {
    assertEquals(Optional.of("apple_certificate"), nearest("apple_certficate"));
    assertEquals(Optional.of("app_platform"), nearest("app_plattform"));
    assertEquals(Optional.of("app_id"), nearest("appid"));
    assertEquals(Optional.of("team_id"), nearest("teamid"));
  }

  @Test
  void aNameInAnotherCaseIsMeant() {
    assertEquals(
        Optional.of("Cassandra"), KeyNames.nearest("cassandra", KeyNames.GENERAL.keySet()));
    assertEquals(Optional.of("server"), KeyNames.nearest("Server", KeyNames.GENERAL.keySet()));
  }

  @Test
  void aNameFarFromAllMeansNothing() {
    assertEquals(Optional.empty(), nearest("my_colour"));
    assertEquals(Optional.empty(), nearest(""));
  }

  private static Optional<String> nearest(String wrong) {
    return KeyNames.nearest(
        wrong, new DeclaredKeys(BuiltIn.PLUGINS, "sylk", "apple").names(Set.of()));
  }
}
