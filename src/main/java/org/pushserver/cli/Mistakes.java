// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cli;

import static java.util.stream.Collectors.joining;

import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Says what is wrong on a command line in three lines at most: what, what may have been meant, and
 * where help is. All of the help would push that off the screen.
 */
public final class Mistakes implements CommandLine.IParameterExceptionHandler {
  /** A command line whose mistakes are told so; for all of its subcommands, too. */
  public static CommandLine commandLine(Object command) {
    // A warning for each repeated option would be the only thing that it writes.
    CommandLine.tracer().setLevel(CommandLine.TraceLevel.OFF);
    // No word is a file of further words: a script may pass what a stranger wrote.
    return new CommandLine(command)
        .setParameterExceptionHandler(new Mistakes())
        .setExpandAtFiles(false)
        .setOverwrittenOptionsAllowed(true);
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
    if (mistake instanceof UnmatchedArgumentException unmatched) {
      List<String> words = unmatched.getUnmatched();
      return unmatched.isUnknownOption() || mistake.getCommandLine().getSubcommands().isEmpty()
          ? "Unknown option"
              + (words.size() > 1 ? "s" : "")
              + ": '"
              + String.join("', '", words)
              + "'"
          : "there is no command " + String.join(" ", words);
    } else if (mistake instanceof MissingParameterException incomplete) {
      String names = incomplete.getMissing().stream().map(Mistakes::name).collect(joining(", "));
      return mistake.getMessage().startsWith("Missing required parameter for option")
          ? names + " needs a value"
          : "not given: " + names;
    }
    return mistake.getMessage().lines().findFirst().orElse("a wrong option");
  }

  private static String name(ArgSpec missing) {
    return missing instanceof OptionSpec option ? option.longestName() : missing.paramLabel();
  }

  private static String help(CommandLine command) {
    String name = command.getCommandSpec().qualifiedName();
    int subcommand = name.indexOf(' ');
    return Invocation.command() + (subcommand < 0 ? "" : name.substring(subcommand)) + " --help";
  }
}
