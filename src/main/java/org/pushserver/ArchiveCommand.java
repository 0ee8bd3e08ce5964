// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.util.concurrent.Callable;
import org.pushserver.cli.VersionLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code pushserver archive}, as the help shows it: {@code bin/pushserver} does it itself, before
 * there is a JVM, because it is about how the JVM is started.
 */
@Command(
    name = "archive",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = {
      "Makes the server start in half the time: writes pushserver.jsa beside pushserver.jar.",
      "Once after each change of the jar or of Java, by a user who may write there. Takes some"
          + " seconds and runs the server meanwhile, on free ports of 127.0.0.1 alone. Only"
          + " bin/pushserver makes and uses it."
    })
final class ArchiveCommand implements Callable<Integer> {
  @Option(
      names = "--cluster",
      description =
          "Writes pushserver-cluster.jsa, which bin/pushserver takes for a server whose general.ini"
              + " has [cluster].")
  @SuppressWarnings("unused")
  private boolean cluster;

  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    spec.commandLine()
        .getErr()
        .println("pushserver: only bin/pushserver makes the archive: bin/pushserver archive");
    return 1;
  }
}
