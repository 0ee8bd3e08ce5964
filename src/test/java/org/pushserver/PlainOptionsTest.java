// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.config.Overrides;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** The options that are read without picocli, and that they are those which picocli knows. */
class PlainOptionsTest {
  private static Optional<Overrides> read(String line) {
    return PlainOptions.read(line.isEmpty() ? new String[0] : line.split(" "));
  }

  @Test
  void nothingAtAllIsAServerWithItsFilesAlone() {
    assertEquals(Optional.of(Overrides.NONE), read(""));
    assertEquals(Optional.of(Overrides.NONE), read("serve"));
  }

  @Test
  void eachOptionSaysWhatItSaysToPicocli() {
    Overrides all = new Overrides(Path.of("/etc/here"), "::1", 8401, true);
    assertEquals(
        Optional.of(all), read("serve --config-dir /etc/here --debug --ip ::1 --port 8401"));
    assertEquals(Optional.of(all), read("--port 8401 --config_dir /etc/here --ip ::1 --debug"));
  }

  /** Nobody waits for a start in the place of another server, which serves meanwhile. */
  @Test
  void everyOptionOfTheServerIsReadButHelpVersionAndTheOneThatTakesOver() {
    for (OptionSpec option : new CommandLine(new Main()).getCommandSpec().options()) {
      if (!option.usageHelp() && !option.versionHelp()) {
        for (String name : option.names()) {
          String line = option.arity().max() == 0 ? name : name + " 1";
          boolean plain = !name.equals("--take-over-from");
          assertEquals(plain, read(line).isPresent(), line);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "check-config --debug",
        "serve serve",
        "--port",
        "--port x",
        "--port=8401",
        "--port --debug",
        "--debug --debug",
        "--ip ::1 --ip ::1",
        "--config-dir a --config_dir b",
        "--unknown 1"
      })
  void allElseIsLeftToPicocli(String line) {
    assertEquals(Optional.empty(), read(line));
  }
}
