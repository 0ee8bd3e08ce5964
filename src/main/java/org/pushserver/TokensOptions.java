// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import org.pushserver.cli.Invocation;
import org.pushserver.config.ConfigReport;
import org.pushserver.config.Overrides;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.Settings;
import org.pushserver.config.SettingsReader;
import org.pushserver.config.TokenSettings;
import org.pushserver.config.TokenSettings.Store;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.pushserver.tokens.SqliteTokenStore;
import org.pushserver.tokens.StoredToken;
import org.pushserver.tokens.TokenStore;
import org.pushserver.tokens.TokenStoreException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** What all commands have that work on stored tokens. */
final class TokensOptions {
  /** The tokens cannot be had; the message says why, and what to do. */
  static final class NoTokensException extends Exception {
    private static final long serialVersionUID = 1L;

    NoTokensException(String message) {
      super(message);
    }
  }

  /** Opens the store that the settings name, as a server does, which may run beside. */
  interface Opener {
    TokenStore open(Vertx vertx, ServerSettings settings, Time time) throws TokenStoreException;
  }

  /** What a command does with the store. */
  interface Work {
    int run(Opened opened) throws IOException, NoTokensException, InterruptedException;
  }

  /** What is to be done when no file of tokens is there. */
  enum Absence {
    /** It is said, and the command fails. */
    FAILS,
    /** It is made. */
    IS_MENDED,
    /** Nothing: that is as good as an empty one. */
    IS_EMPTINESS
  }

  /**
   * The store, opened.
   *
   * @param store closed afterwards; null when there is none, and that is as good as an empty one
   * @param settings where it was found
   */
  record Opened(TokenStore store, Settings settings) {
    /** Waits for an answer of the store. */
    <T> T await(Future<T> answer) throws NoTokensException, InterruptedException {
      try {
        return Main.await(answer);
      } catch (ExecutionException e) {
        throw failed(e.getCause());
      }
    }

    /** The devices of an account. */
    Future<List<StoredToken>> devices(String account) {
      return store == null ? Future.succeededFuture(List.of()) : store.devices(account);
    }

    /** Why nothing can be stored for an account; null when there is no reason. */
    String refusal(String account) {
      return store == null ? null : store.refusal(account);
    }

    /** The applications that are configured, by all their names. */
    Set<AppKey> applications() {
      Set<AppKey> keys = new HashSet<>();
      for (AppConfig app : settings.applications()) {
        keys.add(app.key());
        app.aliases().forEach(alias -> keys.add(new AppKey(alias, app.key().platform())));
      }
      return keys;
    }

    /** Where the tokens are, for people. */
    String place() {
      TokenSettings tokens = settings.server().tokens();
      return tokens.store() == Store.SQLITE ? tokens.file().toString() : store.state().kind();
    }
  }

  @Option(
      names = {"--config-dir", "--config_dir"},
      paramLabel = "DIR",
      description =
          "The directory with general.ini, which says where tokens are stored. Without it: the first"
              + " that exists of /etc/pushserver, /etc/sylk-pushserver, ./config.")
  private Path directory;

  private final Opener opener;

  TokensOptions() {
    this(TokensOptions::openBeside);
  }

  /** With another store, for tests. */
  TokensOptions(Opener opener) {
    this.opener = opener;
  }

  /**
   * Opens the store, works with it, and closes it.
   *
   * @param absence what to do when there is none yet
   * @return what the work returned, or 1 when the tokens could not be had, which was said then
   */
  int run(CommandSpec spec, Absence absence, Work work) throws IOException, InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    Vertx vertx = OwnVertx.create();
    try {
      return run(vertx, absence, work);
    } catch (NoTokensException e) {
      err.println(spec.qualifiedName() + ": " + e.getMessage());
      return 1;
    } finally {
      spec.commandLine().getOut().flush();
      err.flush();
      Main.closeQuietly(vertx);
    }
  }

  private int run(Vertx vertx, Absence absence, Work work)
      throws IOException, NoTokensException, InterruptedException {
    Settings settings = settings(vertx);
    TokenSettings tokens = settings.server().tokens();
    if (tokens.store() == Store.SQLITE && !Files.exists(tokens.file())) {
      absent(tokens.file(), absence);
      if (absence == Absence.IS_EMPTINESS) {
        return work.run(new Opened(null, settings));
      }
    }
    Opened opened = new Opened(open(vertx, settings), settings);
    try {
      return work.run(opened);
    } finally {
      Void unused = opened.await(opened.store().close());
      settings.plugins().release();
    }
  }

  /** A file is not claimed: a server may have it. */
  private static TokenStore openBeside(Vertx vertx, ServerSettings settings, Time time)
      throws TokenStoreException {
    TokenSettings tokens = settings.tokens();
    return tokens.store() == Store.SQLITE
        ? SqliteTokenStore.openBeside(tokens.file())
        : TokenStores.open(vertx, settings, time);
  }

  private TokenStore open(Vertx vertx, Settings settings) throws NoTokensException {
    try {
      return opener.open(vertx, settings.server(), new VertxTime(vertx));
    } catch (TokenStoreException e) {
      throw new NoTokensException(e.getMessage());
    }
  }

  private Settings settings(Vertx vertx) throws NoTokensException, InterruptedException {
    try {
      Settings settings =
          Main.await(new SettingsReader(vertx).look(new Overrides(directory, null, null, false)));
      List<Problem> stopping =
          settings.problems().stream()
              .filter(problem -> problem.severity() == Problem.Severity.FATAL)
              .toList();
      if (!stopping.isEmpty()) {
        throw new NoTokensException(
            "the configuration cannot be used:\n" + ConfigReport.render(stopping).strip());
      }
      return settings;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof ConfigException config
          ? new NoTokensException(ConfigReport.render(config.problems()).strip())
          : failed(e.getCause());
    }
  }

  /**
   * A file that root makes must be the server's: it has to be that of whoever owns the folder.
   *
   * @throws NoTokensException when it is not to be made, or cannot be
   */
  private static void absent(Path file, Absence absence) throws NoTokensException {
    Path folder = file.toAbsolutePath().getParent();
    if (Files.exists(folder) && !Files.isExecutable(folder)) {
      throw new NoTokensException("you may not look into " + folder + "\n" + asOther());
    } else if (absence == Absence.IS_EMPTINESS) {
      return;
    } else if (absence == Absence.FAILS) {
      throw new NoTokensException(
          "no tokens are stored yet: there is no "
              + file
              + ". Is this the server's configuration?");
    } else if (!Files.isDirectory(folder)) {
      throw new NoTokensException(
          "there is no folder " + folder + "; make it, for the user of the server");
    }
    try {
      Path made =
          Files.createFile(
              file,
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      if (!Files.getOwner(made).equals(Files.getOwner(folder))) {
        Path unused = Files.setOwner(made, Files.getOwner(folder));
      }
    } catch (IOException e) {
      throw new NoTokensException(file + " cannot be made: " + Reason.of(e) + "\n" + asOther());
    }
  }

  static NoTokensException failed(Throwable cause) {
    return new NoTokensException(
        cause instanceof TokenStoreException known ? known.getMessage() : Reason.of(cause));
  }

  static String asOther() {
    return "Run this as root, or as the user of the server: sudo -u pushserver "
        + Invocation.command()
        + " …";
  }
}
