// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.pushserver.TokensOptions.Absence;
import org.pushserver.TokensOptions.NoTokensException;
import org.pushserver.TokensOptions.Opened;
import org.pushserver.cli.VersionLine;
import org.pushserver.push.AppKey;
import org.pushserver.tokens.TokenCount;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code pushserver tokens count}: how many devices there are. */
@Command(
    name = "count",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = "Counts accounts and devices, by application and platform.",
    footer = {"", "Exit code: 0; 1 when the tokens cannot be read."})
final class TokensCountCommand implements Callable<Integer> {
  private static final int NUMBER = 10;

  @Mixin private TokensOptions tokens;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws IOException, InterruptedException {
    return tokens.run(spec, Absence.FAILS, this::count);
  }

  private int count(Opened opened) throws NoTokensException, InterruptedException {
    TokenCount count = opened.await(opened.store().count());
    PrintWriter out = spec.commandLine().getOut();
    TerminalText text = TerminalText.of(spec);
    if (count.accounts() >= 0) {
      out.println(number(count.accounts()) + "  accounts");
    }
    out.println(number(count.total()) + "  devices");
    List<Map.Entry<AppKey, Long>> all =
        count.devices().entrySet().stream()
            .sorted(Comparator.comparing(one -> one.getKey().toString()))
            .toList();
    for (Map.Entry<AppKey, Long> one : all) {
      boolean known = opened.applications().contains(one.getKey());
      out.println(
          number(one.getValue())
              + "  "
              + TerminalText.plain(one.getKey().toString())
              + (known ? "" : text.bad(" (not configured: pushes to it are answered 404)")));
    }
    return 0;
  }

  private static String number(long number) {
    String digits = Long.toString(number);
    return " ".repeat(Math.max(0, NUMBER - digits.length())) + digits;
  }
}
