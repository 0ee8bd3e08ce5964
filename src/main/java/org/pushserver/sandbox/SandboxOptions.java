// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * How a sandbox runs.
 *
 * @param directory where certificates and the configuration directory are written
 * @param apnsPort port of the APNs stand-in; 0 for any free one
 * @param fcmPort port of FCM and OAuth; 0 for any free one
 * @param controlPort port of the control API; 0 for any free one
 * @param serverPort the port that the written general.ini tells the server to listen on
 * @param apps the applications it knows
 * @param quiet whether the journal only counts, which costs no memory and little time
 * @param view takes one line for each notification; null for none
 */
public record SandboxOptions(
    Path directory,
    int apnsPort,
    int fcmPort,
    int controlPort,
    int serverPort,
    List<SandboxApp> apps,
    boolean quiet,
    PrintWriter view) {

  public SandboxOptions {
    Objects.requireNonNull(directory, "directory");
    apps = List.copyOf(apps);
  }

  /** For tests: free ports, the default applications, a full journal, nothing printed. */
  public static SandboxOptions in(Path directory) {
    return new SandboxOptions(directory, 0, 0, 0, 0, SandboxApp.DEFAULTS, false, null);
  }

  /** The same with other applications. */
  public SandboxOptions withApps(List<SandboxApp> others) {
    return new SandboxOptions(
        directory, apnsPort, fcmPort, controlPort, serverPort, others, quiet, view);
  }

  /** The same with a journal that only counts. */
  public SandboxOptions countingOnly() {
    return new SandboxOptions(
        directory, apnsPort, fcmPort, controlPort, serverPort, apps, true, null);
  }
}
