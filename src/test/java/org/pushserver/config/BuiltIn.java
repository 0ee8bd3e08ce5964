// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.nio.file.Path;
import java.util.Set;
import org.pushserver.plugin.PluginLoader;
import org.pushserver.plugin.Plugins;

/** What there is without plugins. */
final class BuiltIn {
  static final Plugins PLUGINS =
      new PluginLoader().load(Set.of(), Set.of(), Path.of("none"), Path.of("none"));

  private BuiltIn() {}
}
