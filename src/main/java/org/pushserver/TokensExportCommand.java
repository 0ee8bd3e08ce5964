// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;
import org.pushserver.TokensOptions.Absence;
import org.pushserver.TokensOptions.NoTokensException;
import org.pushserver.TokensOptions.Opened;
import org.pushserver.cli.VersionLine;
import org.pushserver.spi.Reason;
import org.pushserver.tokenfile.DeviceLines;
import org.pushserver.tokens.StoredToken;
import org.pushserver.tokens.TokenPage;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code pushserver tokens export}: all that is stored, as JSON lines. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    description = {
      "Writes all devices as JSON, a line each, as 'tokens import' reads it.",
      "The tokens are whole: who has them and the applications' keys can push to these phones. With"
          + " -o the file is for its owner alone."
    },
    footer = {"", "Exit code: 0; 1 when the tokens cannot be read, or not all be written."})
final class TokensExportCommand implements Callable<Integer> {
  @Mixin private TokensOptions tokens;
  @Spec private CommandSpec spec;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "Writes to this file, and not to the standard output.")
  private Path output;

  private final PrintStream standard;

  TokensExportCommand() {
    this(System.out);
  }

  /** With another standard output, for tests. */
  TokensExportCommand(PrintStream standard) {
    this.standard = standard;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    return tokens.run(spec, Absence.FAILS, this::export);
  }

  private int export(Opened opened) throws IOException, NoTokensException, InterruptedException {
    if (output == null) {
      // Not the writer of the command: it is UTF-8, whatever the terminal's is.
      long unused = write(opened, new BufferedOutputStream(standard), standard::checkError);
      if (standard.checkError()) {
        throw new NoTokensException(
            "not all devices were written: the standard output takes no more. Is its disk full?");
      }
      return 0;
    }
    if (Files.exists(output) && !Files.isRegularFile(output)) {
      throw new NoTokensException(
          output + " is no plain file; without -o the devices go to the standard output");
    }
    Path whole = output.toAbsolutePath();
    Path part = whole.resolveSibling(whole.getFileName() + ".part");
    try {
      Files.deleteIfExists(part);
      Path unusedPart =
          Files.createFile(
              part,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      long devices;
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part))) {
        devices = write(opened, out, () -> false);
      }
      Path unused = Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
      spec.commandLine()
          .getErr()
          .println(devices + " devices, with whole tokens, are in " + output);
      return 0;
    } catch (IOException e) {
      throw new NoTokensException(output + " cannot be written: " + Reason.of(e));
    } finally {
      Files.deleteIfExists(part);
    }
  }

  /**
   * Writes all.
   *
   * @param isShut whether nobody takes any more, so that the rest need not be read
   */
  private long write(Opened opened, OutputStream out, BooleanSupplier isShut)
      throws IOException, NoTokensException, InterruptedException {
    DeviceLines writer = new DeviceLines(out, true);
    TokenProgress progress = new TokenProgress(spec, "devices written");
    long written = 0;
    String next = null;
    do {
      TokenPage page = opened.await(opened.store().list(next, TokensListCommand.PAGE));
      for (StoredToken token : page.tokens()) {
        writer.write(token);
      }
      written += page.tokens().size();
      progress.show(written);
      next = page.next();
    } while (next != null && !isShut.getAsBoolean());
    writer.flush();
    progress.end();
    return written;
  }
}
