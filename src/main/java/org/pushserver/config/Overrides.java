// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.nio.file.Path;

/**
 * What the command line says over the configuration files.
 *
 * @param directory the configuration directory; null to search for it
 * @param host the address to listen on; null to use the file's
 * @param port the port to listen on, 0 for any free one; null to use the file's
 * @param debug true to log headers and bodies whatever the file says
 * @param cluster true when the file has to say who the members of a cluster are
 */
public record Overrides(Path directory, String host, Integer port, boolean debug, boolean cluster)
    implements ConfigSource {
  /** The files alone count. */
  public static final Overrides NONE = new Overrides(null, null, null, false);

  /** With no word of a cluster. */
  public Overrides(Path directory, String host, Integer port, boolean debug) {
    this(directory, host, port, debug, false);
  }

  /** The files in this directory alone count. */
  public static Overrides directory(Path directory) {
    return new Overrides(directory, null, null, false);
  }
}
