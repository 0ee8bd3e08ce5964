// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.io.PrintWriter;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import org.pushserver.cli.VersionLine;
import org.pushserver.config.ApiKey;
import org.pushserver.config.KeyHash;
import org.pushserver.config.Right;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pushserver api-key}: makes a key, and what the server has to know of it. */
@Command(
    name = "api-key",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = {
      "Makes an API key and prints it, once: nothing keeps it.",
      "Add the printed line to the file that api_keys in general.ini names. Instead of *, which"
          + " opens every application, it may list app-ids, also as app-id/platform, separated by"
          + " commas. After them the line says what else than pushes the key is for. The client sends the key as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'."
    })
final class ApiKeyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      defaultValue = "client",
      description = "Whose key it is, for the log. Default: ${DEFAULT-VALUE}")
  private String name;

  @Option(
      names = "--right",
      split = ",",
      paramLabel = "RIGHT",
      description =
          "What it is for: push, search (the trail), acks (a phone has rung), console; several"
              + " separated by commas. Default: push")
  private List<String> rights = List.of();

  @Override
  public Integer call() {
    if (!ApiKey.isName(name)) {
      throw new ParameterException(
          spec.commandLine(),
          "NAME must have 1 to 64 letters, digits, dots, dashes and underscores");
    }
    for (String right : rights) {
      if (Right.of(right) == null) {
        throw new ParameterException(spec.commandLine(), "RIGHT must be one of " + Right.words());
      }
    }
    String key = KeyHash.newKey();
    PrintWriter out = spec.commandLine().getOut();
    out.println("key:  " + key);
    String line = name + "  " + HexFormat.of().formatHex(new KeyHash().of(key)) + "  *";
    out.println("line: " + line + (rights.isEmpty() ? "" : "  " + String.join(",", rights)));
    out.flush();
    return 0;
  }
}
