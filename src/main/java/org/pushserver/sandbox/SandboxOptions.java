// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

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
 * @param adminPort its port for health, metrics and the console; 0 for none of its own
 * @param apps the applications that its configuration has
 * @param anyApp whether APNs takes any topic, and not only those of {@code apps}
 * @param quiet whether the journal only counts, which costs no memory and little time
 * @param trail whether the server that it writes the configuration for keeps a record of each push
 * @param output where else to tell of what arrives; of no use when the journal only counts
 */
public record SandboxOptions(
    Path directory,
    int apnsPort,
    int fcmPort,
    int controlPort,
    int serverPort,
    int adminPort,
    List<SandboxApp> apps,
    boolean anyApp,
    boolean quiet,
    boolean trail,
    SandboxOutput output) {

  public SandboxOptions {
    Objects.requireNonNull(directory, "directory");
    apps = List.copyOf(apps);
    Objects.requireNonNull(output, "output");
  }

  /**
   * For tests: free ports, the default applications and no other, a full journal, no output, no
   * trail.
   */
  public static SandboxOptions in(Path directory) {
    return new SandboxOptions(
        directory, 0, 0, 0, 0, 0, SandboxApp.DEFAULTS, false, false, false, SandboxOutput.NONE);
  }

  /** The same with other applications. */
  public SandboxOptions withApps(List<SandboxApp> others) {
    return with(others, anyApp, quiet, output);
  }

  /** The same, but APNs takes any topic. */
  public SandboxOptions withAnyApp() {
    return with(apps, true, quiet, output);
  }

  /** The same with a journal that only counts. */
  public SandboxOptions countingOnly() {
    return with(apps, anyApp, true, SandboxOutput.NONE);
  }

  /** The same with another output. */
  public SandboxOptions withOutput(SandboxOutput other) {
    return with(apps, anyApp, quiet, other);
  }

  private SandboxOptions with(
      List<SandboxApp> newApps, boolean newAnyApp, boolean newQuiet, SandboxOutput newOutput) {
    return new SandboxOptions(
        directory,
        apnsPort,
        fcmPort,
        controlPort,
        serverPort,
        adminPort,
        newApps,
        newAnyApp,
        newQuiet,
        trail,
        newOutput);
  }
}
