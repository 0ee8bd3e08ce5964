// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushserver.fake.Command;
import org.pushserver.fake.Programs;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;

/**
 * {@code bin/pushclient} has the options of the client in Java, and is a script for every shell.
 */
@Timeout(60)
class PushScriptTest {
  @TempDir private Path directory;

  @Test
  void itsHelpIsThatOfTheClientInJava() throws Exception {
    CommandLine java = new CommandLine(new PushCommand()).setCommandName("pushclient");
    Ended ended = PushScript.in(directory).run(List.of("--help"));
    assertEquals(java.getUsageMessage(Ansi.OFF), ended.out());
    assertEquals(0, ended.code());
  }

  static Stream<String> options() {
    return new CommandLine(new PushCommand())
        .getCommandSpec().options().stream()
            .filter(option -> option.arity().min() == 1)
            .flatMap(option -> Stream.of(option.names()));
  }

  @ParameterizedTest
  @MethodSource("options")
  void itKnowsEveryNameOfEveryOptionAndThatItHasAValue(String name) throws Exception {
    Ended ended = PushScript.in(directory).run(List.of(name));
    assertEquals(2, ended.code());
    assertTrue(ended.err().contains(" needs a value\n"), ended::err);
  }

  @Test
  void aWordThatIsNoOptionIsAWrongUsageAlsoWhenItComesFirst() throws Exception {
    Ended ended =
        PushScript.in(directory)
            .run(List.of("word", "-p", "p", "-a", "a", "-t", "t", "-f", "f", "-o", "o"));
    assertEquals(2, ended.code());
    assertTrue(ended.err().startsWith("pushclient: Unknown option: 'word'\n"), ended::err);
  }

  @Test
  void shellcheckFindsNothingInIt() throws Exception {
    assumeTrue(Programs.areHere("shellcheck"), "shellcheck is not installed");
    Command.Ended shellcheck = Command.of("shellcheck", "-x", "bin/pushclient").run();
    assertEquals(0, shellcheck.code(), shellcheck.said());
    assertTrue(Files.readString(Path.of("bin/pushclient")).startsWith("#!/bin/sh\n"));
  }
}
