// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pushserver.spi.Problem;

class ForeignDoorsTest {
  private final List<Problem> problems = new ArrayList<>();

  private ForeignDoors read(Map<String, String> values) {
    return ForeignDoors.read(new SectionReader("general.ini", "doors", values, problems::add));
  }

  @Test
  void allAreShutUnlessTheyAreOpened() {
    assertEquals(ForeignDoors.SHUT, read(Map.of()));
    assertTrue(ForeignDoors.SHUT.areShut());
    assertEquals(List.of(), problems);
  }

  @Test
  void eachIsOpenedByItsName() {
    ForeignDoors doors =
        read(Map.of("matrix", "yes", "flexisip", "on", "gorush", "no", "gorush_app", "com.x"));
    assertEquals(Set.of(ForeignDoor.MATRIX, ForeignDoor.FLEXISIP), doors.open());
    assertEquals("com.x", doors.application(ForeignDoor.GORUSH));
    assertNull(doors.application(ForeignDoor.MATRIX));
    assertEquals(Duration.ofSeconds(10), doors.patience());
    assertEquals(List.of(), problems);
  }

  @Test
  void theyWaitAsLongAsIsSaid() {
    assertEquals(Duration.ofMillis(1500), read(Map.of("wait", "1.5")).patience());
  }

  @Test
  void oneThatIsNeitherOpenNorShutIsShut() {
    assertTrue(read(Map.of("matrix", "maybe")).areShut());
    assertEquals(
        "[general.ini [doors] matrix: 'maybe' is neither yes nor no; no is used]",
        problems.toString());
  }

  @Test
  void mattermostNeedsAnApplication() {
    assertEquals(Set.of(ForeignDoor.MATTERMOST), read(Map.of("mattermost", "yes")).open());
    assertTrue(
        problems.toString().startsWith("[general.ini [doors] mattermost_app: it is missing"));
  }

  @Test
  void theKeysOfTheSectionAreThese() {
    assertEquals(
        Set.of(
            "wait",
            "flexisip",
            "flexiapi",
            "matrix",
            "gorush",
            "mongoosepush",
            "mattermost",
            "gorush_app",
            "mongoosepush_app",
            "mattermost_app"),
        KeyNames.GENERAL.get("doors"));
  }
}
