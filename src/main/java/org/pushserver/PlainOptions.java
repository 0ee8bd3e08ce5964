// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.pushserver.config.Overrides;

/**
 * Reads how a server usually is started, {@code [serve] [--config-dir DIR] [--ip ADDRESS] [--port
 * PORT] [--debug] [--no-fork] [--cluster] [--small]}, without picocli: its classes are of so old a
 * format that no class-data archive takes them, and would be an eighth of a start.
 */
final class PlainOptions {
  private Path directory;
  private String host;
  private Integer port;
  private boolean debug;
  private boolean noFork;
  private boolean cluster;
  private boolean small;

  private PlainOptions() {}

  /**
   * Reads the command line.
   *
   * @return empty when there is anything else in it, or anything wrong: picocli then says what
   */
  static Optional<Overrides> read(String... arguments) {
    List<String> options = Arrays.asList(arguments);
    if (!options.isEmpty() && options.get(0).equals("serve")) {
      options = options.subList(1, options.size());
    }
    PlainOptions plain = new PlainOptions();
    try {
      for (Iterator<String> rest = options.iterator(); rest.hasNext(); ) {
        if (!plain.take(rest.next(), rest)) {
          return Optional.empty();
        }
      }
    } catch (NumberFormatException | InvalidPathException e) {
      return Optional.empty();
    }
    return Optional.of(
        new Overrides(plain.directory, plain.host, plain.port, plain.debug, plain.cluster));
  }

  /** An option given twice is left to picocli, which does not take it. */
  private boolean take(String option, Iterator<String> rest) {
    if (option.equals("--debug") && !debug) {
      debug = true;
      return true;
    }
    if ((option.equals("--no-fork") || option.equals("--no_fork")) && !noFork) {
      noFork = true;
      return true;
    }
    if (option.equals("--cluster") && !cluster) {
      cluster = true;
      return true;
    }
    // What it asks for was done before this program began.
    if (option.equals("--small") && !small) {
      small = true;
      return true;
    }
    if (!rest.hasNext()) {
      return false;
    }
    String value = rest.next();
    return !value.startsWith("-") && take(option, value);
  }

  private boolean take(String option, String value) {
    if ((option.equals("--config-dir") || option.equals("--config_dir")) && directory == null) {
      directory = Path.of(value);
    } else if (option.equals("--ip") && host == null) {
      host = value;
    } else if (option.equals("--port") && port == null) {
      port = Integer.valueOf(value);
    } else {
      return false;
    }
    return true;
  }
}
