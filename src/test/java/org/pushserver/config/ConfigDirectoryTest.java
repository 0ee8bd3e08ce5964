// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.spi.ConfigException;

class ConfigDirectoryTest {
  @TempDir Path root;

  private Path make(String name, String... files) throws Exception {
    Path directory = Files.createDirectory(root.resolve(name));
    for (String file : files) {
      Files.writeString(directory.resolve(file), "");
    }
    return directory;
  }

  @Test
  void ourOwnPlaceComesBeforeThoseOfTheOldSystem() {
    assertEquals(
        List.of(Path.of("/etc/pushserver"), Path.of("/etc/sylk-pushserver"), Path.of("config")),
        ConfigDirectory.SEARCHED);
  }

  @Test
  void theFirstDirectoryWithAConfigurationFileIsTaken() throws Exception {
    Path empty = make("empty", "other.txt");
    Path second = make("second", "applications.ini");
    Path third = make("third", "general.ini");
    assertEquals(
        second, ConfigDirectory.find(null, List.of(root.resolve("none"), empty, second, third)));
    assertEquals(third, ConfigDirectory.find(null, List.of(empty, third, second)));
  }

  @Test
  void anInstalledPackageWithoutApplicationsDoesNotHideTheOldSystemsFiles() throws Exception {
    Path ours = make("ours", "general.ini", "applications.ini");
    Path old = make("old", "general.ini", "applications.ini");
    List<Path> searched = List.of(ours, old);
    Files.writeString(ours.resolve("applications.ini"), "; [sample]\n; app_id = sample\n");
    assertEquals(ours, ConfigDirectory.find(null, searched));

    Files.writeString(old.resolve("applications.ini"), "[phone]\napp_id = a\n");
    assertEquals(old, ConfigDirectory.find(null, searched));
    String said = ConfigDirectory.passedOver(old, searched).orElseThrow().message();
    assertTrue(said.contains(old + " is read in its place"), said);

    Files.writeString(ours.resolve("applications.ini"), "[phone]\napp_id = b\n");
    assertEquals(ours, ConfigDirectory.find(null, searched));
    assertTrue(ConfigDirectory.passedOver(ours, searched).isEmpty());
  }

  @Test
  void applicationsMayBeInAFileOfAnotherName() throws Exception {
    Path ours = make("ours", "applications.ini");
    Path old = make("old", "applications.ini");
    Files.writeString(ours.resolve("general.ini"), "[applications]\nconfig_file = apps.ini\n");
    Files.writeString(ours.resolve("apps.ini"), "[phone]\napp_id = a\n");
    Files.writeString(old.resolve("applications.ini"), "[phone]\napp_id = b\n");
    assertEquals(ours, ConfigDirectory.find(null, List.of(ours, old)));
  }

  @Test
  void filesThatAreWrongAreNotPassedOver() throws Exception {
    Path ours = make("ours", "general.ini", "aplications.ini");
    Path old = make("old");
    Files.writeString(old.resolve("applications.ini"), "[phone]\napp_id = b\n");
    assertEquals(ours, ConfigDirectory.find(null, List.of(ours, old)));
    Files.delete(ours.resolve("aplications.ini"));
    Files.writeString(ours.resolve("applications.ini"), "app_id = a\n");
    assertEquals(ours, ConfigDirectory.find(null, List.of(ours, old)));
  }

  @Test
  void aGivenDirectoryIsTakenWhateverIsInIt() throws Exception {
    Path empty = make("empty");
    Path other = make("other", "general.ini");
    assertEquals(empty, ConfigDirectory.find(empty, List.of(other)));
  }

  @Test
  void aGivenDirectoryThatIsMissingIsNotReplacedByAnother() throws Exception {
    Path other = make("other", "general.ini");
    assertThrows(
        ConfigException.class, () -> ConfigDirectory.find(root.resolve("none"), List.of(other)));
  }

  @Test
  void withoutAnyItSaysWhereItLooked() throws Exception {
    Path empty = make("empty");
    ConfigException none =
        assertThrows(
            ConfigException.class,
            () -> ConfigDirectory.find(null, List.of(empty, root.resolve("none"))));
    assertTrue(none.getMessage().contains(empty + ", " + root.resolve("none")), none.getMessage());
    assertTrue(none.getMessage().contains("--config-dir"), none.getMessage());
  }
}
