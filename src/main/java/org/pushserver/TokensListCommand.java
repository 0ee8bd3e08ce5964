// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.pushserver.TokensOptions.Absence;
import org.pushserver.TokensOptions.NoTokensException;
import org.pushserver.TokensOptions.Opened;
import org.pushserver.cli.VersionLine;
import org.pushserver.tokens.StoredToken;
import org.pushserver.tokens.TokenPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pushserver tokens list}: all devices, a line each. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = {
      "Lists the devices of all accounts, a line each, in the store's own order.",
      "There may be millions: pipe it into grep, less or head."
    },
    footer = {"", "Exit code: 0, also when there is none; 1 when the tokens cannot be read."})
final class TokensListCommand implements Callable<Integer> {
  /** So many are asked for at a time. */
  static final int PAGE = 1000;

  @Mixin private TokensOptions tokens;
  @Spec private CommandSpec spec;

  @Option(
      names = "--app",
      paramLabel = "APP-ID",
      defaultValue = "",
      description = "Only those of this application; also as app-id/platform.")
  private String app;

  @Override
  public Integer call() throws IOException, InterruptedException {
    return tokens.run(spec, Absence.FAILS, this::list);
  }

  private int list(Opened opened) throws NoTokensException, InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    TokenLines lines = new TokenLines();
    boolean begun = false;
    String next = null;
    do {
      TokenPage page = opened.await(opened.store().list(next, PAGE));
      for (StoredToken token : page.tokens()) {
        if (isWanted(token)) {
          if (!begun) {
            out.println(lines.head());
            begun = true;
          }
          out.println(lines.of(token));
        }
      }
      next = page.next();
      // Nobody may read any more, as after | head.
    } while (next != null && !out.checkError());
    if (!begun) {
      spec.commandLine().getErr().println("No such device is stored in " + opened.place());
    }
    return 0;
  }

  private boolean isWanted(StoredToken token) {
    return app.isEmpty() || token.app().appId().equals(app) || token.app().toString().equals(app);
  }
}
