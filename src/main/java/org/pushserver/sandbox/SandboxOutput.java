// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import java.io.PrintWriter;
import java.nio.file.Path;

/**
 * Where a sandbox tells of what arrives, besides its journal.
 *
 * @param view takes one line for each notification; null for none
 * @param jsonLog a file that gets a line of JSON for each notification; null for none
 * @param exec a command for the shell, run for each notification that was taken; null for none
 */
public record SandboxOutput(PrintWriter view, Path jsonLog, String exec) {
  /** Nowhere. */
  public static final SandboxOutput NONE = new SandboxOutput(null, null, null);
}
