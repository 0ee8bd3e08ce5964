// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.pushserver.TokensOptions.Absence;
import org.pushserver.TokensOptions.NoTokensException;
import org.pushserver.TokensOptions.Opened;
import org.pushserver.cli.VersionLine;
import org.pushserver.push.AppKey;
import org.pushserver.spi.Reason;
import org.pushserver.tokenfile.BadTokenFileException;
import org.pushserver.tokenfile.ImportCounts;
import org.pushserver.tokenfile.TokenFile;
import org.pushserver.tokenfile.TokenFormat;
import org.pushserver.tokenfile.TokenImport;
import org.pushserver.tokenfile.TokenImport.ImportFailedException;
import org.pushserver.tokens.Addition.What;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pushserver tokens import}: takes over what another system has left. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    versionProvider = VersionLine.class,
    sortOptions = false,
    description = {
      "Stores the devices that a file has, whether the server runs or not.",
      "Reads webrtc_device_tokens of Sylk Pushserver (a pickle; nothing in it is run), JSON lines as"
          + " export writes them, tables with names of columns (CSV, or as mysql -B prints them), and"
          + " the table location of OpenSIPS, whose contacts name the tokens.",
      "What is stored already and newer stays. The same file may be imported again."
    },
    footer = {
      "",
      "Exit code: 0; 1 when the file or a row of it cannot be read, or the tokens cannot be stored; 2"
          + " when an option is wrong."
    })
final class TokensImportCommand implements Callable<Integer> {
  @Mixin private TokensOptions tokens;
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "The file.")
  private Path path;

  @Option(names = "--dry-run", description = "Changes nothing, and says what would be done.")
  private boolean dryRun;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      description = "What it is: pickle, json, csv or opensips. Without it that is found out.")
  private String format;

  @Option(
      names = "--domain",
      paramLabel = "DOMAIN",
      defaultValue = "",
      description = "The domain of accounts that have none in the file.")
  private String domain;

  @Override
  public Integer call() throws IOException, InterruptedException {
    TokenFormat chosen = format == null ? null : format();
    if (!Files.isReadable(path) || !Files.isRegularFile(path)) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          spec.qualifiedName()
              + ": "
              + path
              + (Files.exists(path)
                  ? " is no file that you may read"
                  : " does not exist, or you may not look there"));
      err.flush();
      return 1;
    }
    return tokens.run(
        spec, dryRun ? Absence.IS_EMPTINESS : Absence.IS_MENDED, opened -> read(opened, chosen));
  }

  private TokenFormat format() {
    return Arrays.stream(TokenFormat.values())
        .filter(one -> one.word().equals(format.toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new ParameterException(
                    spec.commandLine(), "FORMAT must be pickle, json, csv or opensips"));
  }

  private int read(Opened opened, TokenFormat chosen)
      throws IOException, NoTokensException, InterruptedException {
    Set<AppKey> applications = opened.applications();
    ImportCounts counts = new ImportCounts();
    TokenProgress progress = new TokenProgress(spec, "rows read");
    String wrong = null;
    try (TokenFile file = TokenFile.open(path, chosen, domain, applications::contains)) {
      spec.commandLine()
          .getOut()
          .println(
              (dryRun ? "Would import from %s (%s) into %s" : "Importing from %s (%s) into %s")
                  .formatted(path, file.format().word(), opened.place()));
      TokenImport work =
          dryRun
              ? TokenImport.dryRun(
                  opened::devices, opened::refusal, counts, now -> progress.show(now.read()))
              : TokenImport.into(opened.store(), counts, now -> progress.show(now.read()));
      work.run(file);
    } catch (BadTokenFileException e) {
      wrong = path + " cannot be read: " + TerminalText.plain(e.getMessage());
    } catch (ImportFailedException e) {
      wrong = TokensOptions.failed(e.getCause()).getMessage();
    } catch (OutOfMemoryError e) {
      wrong = "there is too little memory; PUSHSERVER_JAVA_OPTS=-Xmx2g gives it more";
    } catch (IOException e) {
      wrong = path + " cannot be read: " + Reason.of(e);
    } finally {
      progress.end();
    }
    report(counts, applications);
    if (wrong != null) {
      throw new NoTokensException(wrong);
    }
    return counts.skipped() == 0 ? 0 : 1;
  }

  private void report(ImportCounts counts, Set<AppKey> applications) {
    PrintWriter out = spec.commandLine().getOut();
    line(out, counts.read(), "read");
    line(out, counts.of(What.ADDED), "added");
    line(out, counts.of(What.RENEWED), "renewed: the file has them newer, or otherwise");
    line(out, counts.of(What.SAME), "were there, just so");
    line(out, counts.of(What.KEPT), "left out: what is stored is newer");
    line(out, counts.twins(), "records of the same phones gave way, or were left out");
    line(out, counts.skipped(), "skipped");
    out.flush();
    PrintWriter err = spec.commandLine().getErr();
    counts.named().forEach(one -> err.println("skipped " + TerminalText.plain(one)));
    if (counts.skipped() > counts.named().size()) {
      err.println("and others; in all:");
      counts.problems().forEach((problem, rows) -> line(err, rows, TerminalText.plain(problem)));
    }
    for (Map.Entry<AppKey, Long> one : counts.applications().entrySet()) {
      if (!applications.contains(one.getKey())) {
        err.println(
            "%s of the devices are of %s, which is not configured: pushes to them are answered 404"
                .formatted(one.getValue(), TerminalText.plain(one.getKey().toString())));
      }
    }
    err.flush();
  }

  private static void line(PrintWriter out, long number, String what) {
    String digits = Long.toString(number);
    out.println(" ".repeat(Math.max(0, 10 - digits.length())) + digits + "  " + what);
  }
}
