// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.pushserver.cli.Invocation;
import org.pushserver.config.ConfigReport;
import org.pushserver.config.TrailPlace;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Reason;
import picocli.CommandLine.Option;

/** What all commands have that read the files of the trail. */
final class TrailOptions {
  /** The trail cannot be read; its message says why, and what to do. */
  static final class NoTrailException extends Exception {
    private static final long serialVersionUID = 1L;

    NoTrailException(String message) {
      super(message);
    }
  }

  @Option(
      names = {"--config-dir", "--config_dir"},
      paramLabel = "DIR",
      description =
          "The directory with general.ini, whose state_dir has the trail. Without it: the first"
              + " that exists of /etc/pushserver, /etc/sylk-pushserver, ./config.")
  private Path directory;

  @Option(
      names = "--trail",
      paramLabel = "DIR",
      description = "The folder with the files of the trail, whatever the configuration says.")
  private Path folder;

  @Option(names = "--utc", description = "Times in UTC and not in the zone of this machine.")
  private boolean utc;

  @Option(
      names = "--json",
      description = "An object of JSON for each push, a line each, as the API has it.")
  boolean json;

  @Option(
      names = {"-u", "--url"},
      paramLabel = "URL",
      defaultValue = "",
      description =
          "Ask the server there, such as http://127.0.0.1:9400, and not the files: it tells what all"
              + " servers of its cluster have. On a server of a cluster its admin port is asked"
              + " anyway.")
  private String url;

  @Option(
      names = {"--api-key", "--api_key"},
      paramLabel = "KEY",
      defaultValue = "${env:PUSHSERVER_API_KEY}",
      description =
          "An API key with the right search, where servers are asked and have keys; better in"
              + " PUSHSERVER_API_KEY, because all users of a machine see command lines.")
  private String apiKey;

  private boolean isOfCluster;
  private String admin = "";

  /** In whose zone times are shown, and what time it is. */
  Clock clock() {
    return utc ? Clock.systemUTC() : Clock.system(ZoneId.systemDefault());
  }

  /** Words for that zone. */
  static String zone(Clock clock) {
    return clock.getZone().equals(ZoneOffset.UTC) || clock.getZone().getId().equals("Z")
        ? "UTC"
        : clock.getZone().getId();
  }

  /**
   * The folder with the files.
   *
   * @throws NoTrailException when it is not there, or cannot be read
   */
  Path folder() throws NoTrailException {
    if (folder != null) {
      return readable(folder, "name the folder trail in the server's state_dir");
    }
    try {
      TrailPlace place = TrailPlace.find(directory);
      isOfCluster = place.isOfCluster();
      admin = place.admin();
      return readable(
          place.folder(),
          place.on()
              ? "has the server run since trail = yes was set in " + place.general() + '?'
              : "the trail is off: set trail = yes in [server] of "
                  + place.general()
                  + ", then restart the server");
    } catch (ConfigException e) {
      throw new NoTrailException(
          ConfigReport.render(e.problems()).strip() + "\nOr name the trail itself with --trail");
    } catch (IOException e) {
      throw new NoTrailException(
          "the configuration cannot be read: " + Reason.of(e) + "\n" + asOther());
    }
  }

  /** What is asked of a server. */
  @FunctionalInterface
  interface Question<T> {
    T ask(RemoteTrail servers) throws IOException;
  }

  /**
   * Asks a server, which tells what all servers of its cluster have, when one is named, or the
   * configuration is that of a member.
   *
   * @param err is told when a member cannot be asked, and its own files have to do
   * @return empty when the files are to be read
   * @throws NoTrailException when the server that is named cannot be asked, or there is no
   *     configuration
   */
  <T> Optional<T> askServers(Question<T> question, PrintWriter err) throws NoTrailException {
    if (url.isEmpty() && folder == null) {
      Path unused = folder();
    }
    String asked = url.isEmpty() ? admin : url;
    if (url.isEmpty() && !isOfCluster) {
      return Optional.empty();
    }
    try {
      if (asked.isEmpty()) {
        throw new IOException("it has no admin_port; name a server with --url");
      }
      return Optional.of(
          question.ask(new RemoteTrail(asked, apiKey == null ? "" : apiKey.strip())));
    } catch (IllegalArgumentException e) {
      throw new NoTrailException("--url must be such as http://127.0.0.1:9400: " + asked);
    } catch (IOException e) {
      String why = TerminalText.plain(Reason.of(e));
      if (!url.isEmpty()) {
        throw new NoTrailException(why);
      }
      err.println(
          "This server is one of a cluster, and only its own pushes are shown, as far as they have"
              + " ended: its admin port cannot be asked for the others: "
              + why);
      err.flush();
      return Optional.empty();
    }
  }

  private static Path readable(Path folder, String hint) throws NoTrailException {
    Path named = folder.toAbsolutePath().normalize();
    if (!Files.isReadable(named) || !Files.isExecutable(named)) {
      throw new NoTrailException(
          isHidden(named)
              ? "you may not read the trail in " + named + "\n" + asOther()
              : "there is no trail in " + named + "; " + hint);
    }
    if (!Files.isDirectory(named)) {
      throw new NoTrailException("there is no trail in " + named + ": it is no folder; " + hint);
    }
    return named;
  }

  /** Whether it is there, or stands where this user may not look. */
  private static boolean isHidden(Path folder) {
    Path parent = folder.getParent();
    return Files.exists(folder)
        || (parent != null && Files.exists(parent) && !Files.isExecutable(parent));
  }

  private static String asOther() {
    return "Run this as root, or as the user of the server: sudo -u pushserver "
        + Invocation.command()
        + " …";
  }
}
