// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cli;

import picocli.CommandLine;

/** What {@code --version} prints, for every command. */
public final class VersionLine implements CommandLine.IVersionProvider {
  @Override
  public String[] getVersion() {
    return new String[] {"Pushserver " + Version.current()};
  }
}
