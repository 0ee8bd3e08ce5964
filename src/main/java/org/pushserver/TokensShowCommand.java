// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import org.pushserver.TokensOptions.Absence;
import org.pushserver.TokensOptions.NoTokensException;
import org.pushserver.TokensOptions.Opened;
import org.pushserver.cli.VersionLine;
import org.pushserver.push.AppKey;
import org.pushserver.push.Device;
import org.pushserver.tokens.StoredToken;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pushserver tokens show}: the devices of one account. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = "Shows the devices of an account, all that is known of each.",
    footer = {
      "",
      "Exit code: 0; 1 when the account has no device, or the tokens cannot be read; 2 when an"
          + " option is wrong."
    })
final class TokensShowCommand implements Callable<Integer> {
  @Mixin private TokensOptions tokens;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "ACCOUNT", description = "Such as bob@example.com.")
  private String account;

  @Override
  public Integer call() throws IOException, InterruptedException {
    return tokens.run(spec, Absence.FAILS, this::show);
  }

  private int show(Opened opened) throws NoTokensException, InterruptedException {
    String name = account(account);
    List<StoredToken> devices = opened.await(opened.store().devices(name));
    if (devices.isEmpty()) {
      none(spec, name);
      return 1;
    }
    PrintWriter out = spec.commandLine().getOut();
    TerminalText text = TerminalText.of(spec);
    TokenLines lines = new TokenLines();
    out.println(
        "Account %s: %s"
            .formatted(
                text.bold(TerminalText.plain(name)),
                devices.size() == 1 ? "1 device" : devices.size() + " devices"));
    for (StoredToken device : devices) {
      boolean known = opened.applications().contains(device.app());
      out.println();
      row(out, "device", text.bold(TerminalText.plain(device.deviceId())));
      row(
          out,
          "application",
          TerminalText.plain(device.app().toString())
              + (known ? "" : text.bad(" (not configured: pushes to it are answered 404)")));
      row(out, "token", shortToken(device.token()));
      if (device.isForCallsAlone()) {
        row(out, "for messages", text.bad("found dead; its app has not registered since"));
      } else if (device.background() != null) {
        row(out, "for messages", shortToken(device.background()));
      } else if (device.app().platform().equals(AppKey.APPLE)) {
        row(out, "for messages", "the same");
      }
      row(out, "silent", device.silent() ? "yes" : "no");
      row(
          out,
          "user agent",
          device.userAgent() == null ? "-" : TerminalText.plain(device.userAgent()));
      row(out, "registered", lines.time(device.storedAt()));
      row(out, "last seen", lines.day(device.lastSeen()));
    }
    return 0;
  }

  private static void row(PrintWriter out, String name, String value) {
    out.println("  " + TerminalText.column(name, 14) + value);
  }

  private static String shortToken(String token) {
    return new Device(token, null).shortToken();
  }

  /** An account as it is stored: without the scheme of its address. */
  static String account(String given) {
    String text = given.strip();
    for (String scheme : List.of("sip:", "sips:")) {
      if (text.regionMatches(true, 0, scheme, 0, scheme.length())) {
        return text.substring(scheme.length());
      }
    }
    return text;
  }

  static void none(CommandSpec spec, String account) {
    spec.commandLine()
        .getErr()
        .println("Account " + TerminalText.plain(account) + " has no device.");
  }
}
