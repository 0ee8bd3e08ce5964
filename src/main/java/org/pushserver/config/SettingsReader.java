// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.pushserver.plugin.PluginLoader;
import org.pushserver.plugin.Plugins;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;
import org.pushserver.spi.Reason;

/**
 * Reads the configuration into {@link Settings}: the files of a directory, through Vert.x Config,
 * or JSON. Call it from any thread, as often as wanted: each time it reads the files anew, on
 * worker threads.
 */
public final class SettingsReader {
  private static final long READ_ONCE = -1;

  private static final Absence NO_GENERAL =
      new Absence(Severity.WARNING, "it does not exist; defaults are used for all it may say");

  private static final Absence GENERAL_GONE =
      new Absence(Severity.FATAL, "it has gone; put it back, or restart for the defaults");

  // No reason not to start: the old system did, and applications may come later.
  private static final Absence NO_APPLICATIONS =
      new Absence(
          Severity.ERROR,
          "it does not exist, so there is no application to send for; create it, or correct"
              + " config_file in general.ini");

  private final Vertx vertx;
  private final List<Path> searched;
  private final PluginLoader loader;
  private volatile List<Path> named = List.of();

  public SettingsReader(Vertx vertx) {
    this(vertx, new PluginLoader());
  }

  /**
   * One that finds other plugins.
   *
   * @param loader asked each time for those that the configuration names
   */
  public SettingsReader(Vertx vertx, PluginLoader loader) {
    this(vertx, ConfigDirectory.SEARCHED, loader);
  }

  /** Looks for the directory elsewhere, for tests. */
  SettingsReader(Vertx vertx, List<Path> searched) {
    this(vertx, searched, new PluginLoader());
  }

  private SettingsReader(Vertx vertx, List<Path> searched, PluginLoader loader) {
    this.vertx = vertx;
    this.searched = List.copyOf(searched);
    this.loader = loader;
  }

  /**
   * Reads general.ini, then the file of applications that it names, and loads the plugins that this
   * needs.
   *
   * @return completes with settings that the server may start with; fails with {@link
   *     ConfigException}, which has every problem found, when it may not
   */
  public Future<Settings> read(ConfigSource source) {
    return look(source).compose(SettingsReader::usable);
  }

  /**
   * Reads the same, for whoever wants to know all that is wrong.
   *
   * @return completes with what the files say, {@linkplain Settings#usable usable} or not; fails
   *     with {@link ConfigException} when there is no configuration directory
   */
  public Future<Settings> look(ConfigSource source) {
    if (source instanceof JsonConfig json) {
      return vertx.executeBlocking(() -> settings(json));
    }
    Overrides overrides = (Overrides) source;
    return vertx
        .executeBlocking(() -> ConfigDirectory.find(overrides.directory(), searched))
        .compose(
            directory ->
                read(directory, overrides, NO_GENERAL)
                    .compose(
                        settings ->
                            overrides.directory() != null
                                ? Future.succeededFuture(settings)
                                : vertx.executeBlocking(() -> telling(settings))));
  }

  private Settings telling(Settings settings) {
    return ConfigDirectory.passedOver(settings.directory(), searched)
        .map(settings::with)
        .orElse(settings);
  }

  private static Future<Settings> usable(Settings settings) {
    try {
      return Future.succeededFuture(settings.usable());
    } catch (ConfigException e) {
      settings.plugins().release();
      return Future.failedFuture(e);
    }
  }

  /**
   * Reads the same again, of files those in the same directory. A general.ini that was there and is
   * not is FATAL now: its defaults would let everybody in.
   *
   * @param before what the server runs with
   * @return as {@link #read}
   */
  public Future<Settings> again(Settings before, ConfigSource source) {
    if (!(source instanceof Overrides overrides)) {
      return read(source);
    }
    Path file = before.directory().resolve(ConfigDirectory.GENERAL);
    Absence absence =
        before.problems().contains(NO_GENERAL.problem(file)) ? NO_GENERAL : GENERAL_GONE;
    return vertx
        .executeBlocking(() -> ConfigDirectory.find(before.directory(), searched))
        .compose(directory -> read(directory, overrides, absence))
        .compose(SettingsReader::usable);
  }

  private Future<Settings> read(Path directory, Overrides overrides, Absence absence) {
    return load(directory.resolve(ConfigDirectory.GENERAL), absence)
        .compose(
            general ->
                load(General.folders(general, directory).applicationsFile(), NO_APPLICATIONS)
                    .compose(
                        applications ->
                            vertx.executeBlocking(
                                () ->
                                    settings(
                                        directory,
                                        general,
                                        applications,
                                        List.of(
                                            Path.of(general.file()), Path.of(applications.file())),
                                        overrides))));
  }

  private Settings settings(JsonConfig json) throws ConfigException {
    if (!Files.isDirectory(json.directory())) {
      throw new ConfigException(json.withoutDirectory());
    }
    return settings(
        json.directory(), json.general(), json.applications(), List.of(), Overrides.NONE);
  }

  /**
   * The files and folders that were named the last time, as {@link Settings#watched} has them, but
   * also when no settings came of it: it may be one of these that has to be put right. Empty before
   * the first time.
   */
  public List<Path> named() {
    return named;
  }

  /**
   * What the two files, or the two parts of the JSON, mean: that depends on the plugins, which may
   * be where the first one says.
   *
   * @param own the two files, if they are
   */
  private Settings settings(
      Path directory,
      IniFile generalIni,
      IniFile applicationsIni,
      List<Path> own,
      Overrides overrides) {
    List<Problem> problems = new ArrayList<>();
    Folders folders = General.folders(generalIni, directory);
    Plugins plugins =
        loader.load(
            Applications.types(applicationsIni),
            Applications.platforms(applicationsIni),
            folders.extraApplications(),
            folders.extraPns());
    General general = General.read(generalIni, directory, overrides, plugins, problems::add);
    AppFingerprints fingerprints =
        new AppFingerprints(directory, folders.credentials(), folders.applicationsFile());
    Applications applications =
        Applications.read(applicationsIni, general, fingerprints, plugins, problems::add);
    List<Path> watched = watched(own, general, fingerprints.files());
    named = watched;
    List<Path> files = new ArrayList<>(own);
    files.addAll(general.guardFiles());
    files.addAll(fingerprints.files());
    return new Settings(
        directory,
        generalIni.file(),
        general.server(),
        general.delivery(),
        applications.good(),
        applications.faulty(),
        applications.aliasesOfFaulty(),
        plugins,
        files,
        watched,
        problems);
  }

  /** Files first: of what is in folders only so much is looked at. */
  private static List<Path> watched(List<Path> own, General general, Set<Path> named) {
    List<Path> paths = new ArrayList<>(own);
    paths.addAll(general.guardFiles());
    paths.addAll(named);
    Folders folders = general.folders();
    paths.addAll(List.of(folders.credentials(), folders.extraApplications(), folders.extraPns()));
    return paths;
  }

  private Future<IniFile> load(Path file, Absence absence) {
    return vertx
        // One that may not be looked at exists: reading it says why it cannot be read.
        .executeBlocking(() -> !Files.notExists(file))
        .compose(exists -> exists ? parse(file) : absent(file, absence))
        .recover(
            failure ->
                Future.succeededFuture(
                    unread(file, new Absence(Severity.ERROR, cannotRead(failure)))));
  }

  private Future<IniFile> parse(Path file) {
    ConfigStoreOptions store =
        new ConfigStoreOptions()
            .setType("file")
            .setFormat(IniProcessor.FORMAT)
            .setConfig(new JsonObject().put("path", file.toString()));
    ConfigRetriever retriever =
        ConfigRetriever.create(
            vertx,
            new ConfigRetrieverOptions()
                .setIncludeDefaultStores(false)
                .setScanPeriod(READ_ONCE)
                .addStore(store));
    return retriever.getConfig().eventually(retriever::close).map(IniFile::fromJson);
  }

  /** One whose name is only misspelt says what nobody would read. */
  private Future<IniFile> absent(Path file, Absence absence) {
    return vertx.executeBlocking(
        () ->
            unread(
                file,
                ConfigDirectory.misspelt(file)
                    .map(
                        other ->
                            new Absence(
                                absence.equals(NO_APPLICATIONS) ? Severity.ERROR : Severity.FATAL,
                                "it does not exist, but "
                                    + other
                                    + " does; rename that, or the server would not read it"))
                    .orElse(absence)));
  }

  private static IniFile unread(Path file, Absence absence) {
    return IniFile.empty(file.toString(), absence.problem(file));
  }

  private static String cannotRead(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException io) {
        return Reason.unread(io) + "; it has to be a text file that the server may read";
      }
    }
    return "it could not be read, which is a fault of Pushserver; please report this line: "
        + Reason.of(failure);
  }

  /** What it means that a file does not exist, or cannot be read. */
  private record Absence(Severity severity, String message) {
    Problem problem(Path file) {
      return new Problem(severity, file.toString(), "", "", message);
    }
  }
}
