// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;

/**
 * {@code [server]} of general.ini.
 *
 * @param host the address to listen on
 * @param port the port to listen on; 0 for any free one
 * @param tlsCertificate one PEM file with certificate chain and key; null to serve plain HTTP
 * @param waitForResult whether a client waits for its push's outcome: {@code return_async}, which
 *     reads the wrong way round
 * @param allowedHosts who may use the server
 * @param logToFile whether to log to {@code logFile} as well
 * @param logFile where to
 * @param debug whether to log in more detail
 * @param drainTimeout how long accepted pushes are worked on after the server was told to stop
 * @param admin where health and metrics are; null when they are where requests come in
 */
public record ServerSettings(
    String host,
    int port,
    Path tlsCertificate,
    boolean waitForResult,
    AddressList allowedHosts,
    boolean logToFile,
    Path logFile,
    boolean debug,
    Duration drainTimeout,
    ListenAddress admin) {
  public ServerSettings {
    Objects.requireNonNull(host, "host");
    Objects.requireNonNull(allowedHosts, "allowedHosts");
    Objects.requireNonNull(logFile, "logFile");
    Objects.requireNonNull(drainTimeout, "drainTimeout");
    if (port < 0 || port > 65535) {
      throw new IllegalArgumentException("port: " + port);
    }
  }
}
