// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.pushserver.TokensOptions.Absence;
import org.pushserver.TokensOptions.NoTokensException;
import org.pushserver.TokensOptions.Opened;
import org.pushserver.cli.VersionLine;
import org.pushserver.tokens.DeviceIds;
import org.pushserver.tokens.StoredToken;
import org.pushserver.tokens.TokenStore.Removal;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pushserver tokens remove}: forgets devices of an account. */
@Command(
    name = "remove",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = {
      "Removes the devices of an account, or those of them that the options name.",
      "A phone that is removed is not pushed to until its app registers again."
    },
    footer = {
      "",
      "Exit code: 0 when something was removed; 1 when there was no such device, or the tokens cannot"
          + " be changed; 2 when an option is wrong."
    })
final class TokensRemoveCommand implements Callable<Integer> {
  @Mixin private TokensOptions tokens;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "ACCOUNT", description = "Such as bob@example.com.")
  private String account;

  @Option(
      names = "--app",
      paramLabel = "APP-ID",
      defaultValue = "",
      description = "Only devices of this application.")
  private String app;

  @Option(
      names = "--device",
      paramLabel = "ID",
      defaultValue = "",
      description = "Only the device with this id.")
  private String device;

  @Override
  public Integer call() throws IOException, InterruptedException {
    return tokens.run(spec, Absence.FAILS, this::remove);
  }

  private int remove(Opened opened) throws NoTokensException, InterruptedException {
    String name = TokensShowCommand.account(account);
    List<StoredToken> devices = opened.await(opened.store().devices(name));
    if (devices.isEmpty()) {
      TokensShowCommand.none(spec, name);
      return 1;
    }
    int removed = 0;
    for (StoredToken one : devices) {
      if ((app.isEmpty() || one.app().appId().equals(app))
          && (device.isEmpty() || DeviceIds.isSame(one.deviceId(), device))
          && isRemoved(opened, one)) {
        removed++;
        spec.commandLine()
            .getOut()
            .println(
                "Removed " + TerminalText.plain(one.deviceId() + " of " + one.app() + ", " + name));
      }
    }
    if (removed == 0) {
      spec.commandLine()
          .getErr()
          .println(
              "Account %s has %s, but no such one; 'pushserver tokens show' lists them."
                  .formatted(
                      TerminalText.plain(name),
                      devices.size() == 1 ? "1 device" : devices.size() + " devices"));
      return 1;
    }
    return 0;
  }

  private static boolean isRemoved(Opened opened, StoredToken one)
      throws NoTokensException, InterruptedException {
    Removal removal =
        opened.await(opened.store().remove(one.account(), one.app().appId(), one.deviceId()));
    return removal == Removal.REMOVED;
  }
}
