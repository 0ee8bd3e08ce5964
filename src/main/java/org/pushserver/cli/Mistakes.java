// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what is wrong on a command line in three lines at most: what, what may have been meant, and
 * where help is. All of the help would push that off the screen.
 */
public final class Mistakes implements CommandLine.IParameterExceptionHandler {
  /** A command line whose mistakes are told so; for all of its subcommands, too. */
  public static CommandLine commandLine(Object command) {
    return new CommandLine(command).setParameterExceptionHandler(new Mistakes());
  }

  @Override
  public int handleParseException(ParameterException mistake, String[] arguments) {
    CommandLine command = mistake.getCommandLine();
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    err.println(name + ": " + what(mistake));
    if (mistake instanceof UnmatchedArgumentException unmatched) {
      unmatched.getSuggestions().stream()
          .findFirst()
          .ifPresent(meant -> err.println("Did you mean " + meant + "?"));
    }
    err.println("Help: " + help(command));
    err.flush();
    return command.getCommandSpec().exitCodeOnInvalidInput();
  }

  private static String what(ParameterException mistake) {
    return mistake instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()
        ? "there is no command " + String.join(" ", unmatched.getUnmatched())
        : mistake.getMessage().lines().findFirst().orElse("a wrong option");
  }

  private static String help(CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();
    int subcommand = name.indexOf(' ');
    return Invocation.command() + (subcommand < 0 ? "" : name.substring(subcommand)) + " --help";
  }
}
