// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.io.PrintWriter;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
          + " commas. After them the line says what else than pushes the key is for, and to which domains it is limited. The client sends the key as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'."
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
          "What it is for: push, tokens (the devices of accounts), search (the trail), acks (a"
              + " phone has rung), console; several separated by commas. Default: push")
  private List<String> rights = List.of();

  @Option(
      names = "--domain",
      split = ",",
      paramLabel = "DOMAIN",
      description =
          "Limits it to accounts of this domain; several separated by commas. Such a key is good for"
              + " nothing but the stored tokens of these accounts: its rights are push and tokens.")
  private List<String> domains = List.of();

  @Override
  public Integer call() {
    if (!ApiKey.isName(name)) {
      throw wrong("NAME must have 1 to 64 letters, digits, dots, dashes and underscores");
    }
    for (String word : rights) {
      Right right = Right.of(word);
      if (right == null) {
        throw wrong("RIGHT must be one of " + Right.words());
      }
      if (!domains.isEmpty() && !right.isOfAccounts()) {
        throw wrong("a key with a --domain may have no right but push and tokens");
      }
    }
    if (!domains.stream().map(ApiKeyCommand::bare).allMatch(ApiKey::isDomain)) {
      throw wrong("DOMAIN must be a name such as example.com, without a port");
    }
    String key = KeyHash.newKey();
    PrintWriter out = spec.commandLine().getOut();
    out.println("key:  " + key);
    String line = name + "  " + HexFormat.of().formatHex(new KeyHash().of(key)) + "  *";
    String limits =
        domains.stream().map(ApiKeyCommand::bare).collect(Collectors.joining(",@", "  @", ""));
    out.println(
        "line: "
            + line
            + (rights.isEmpty() ? "" : "  " + String.join(",", rights))
            + (domains.isEmpty() ? "" : limits));
    out.flush();
    return 0;
  }

  /** As the file has it, or not. */
  private static String bare(String domain) {
    return domain.startsWith("@") ? domain.substring(1) : domain;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
