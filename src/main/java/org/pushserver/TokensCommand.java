// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.util.concurrent.Callable;
import org.pushserver.cli.VersionLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pushserver tokens}: the devices that have registered for accounts. */
@Command(
    name = "tokens",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = {
      "Shows, removes, imports and exports stored tokens: the devices of accounts.",
      "Works on the store that general.ini names, whether the server runs or not. Tokens are cut"
          + " short wherever they are shown; only export writes whole ones."
    },
    subcommands = {
      TokensListCommand.class,
      TokensShowCommand.class,
      TokensCountCommand.class,
      TokensRemoveCommand.class,
      TokensImportCommand.class,
      TokensExportCommand.class,
      InitCassandraCommand.class
    })
final class TokensCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "say what to do: " + String.join(", ", spec.subcommands().keySet()));
  }
}
