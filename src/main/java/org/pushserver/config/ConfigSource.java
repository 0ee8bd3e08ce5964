// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

/**
 * Where a configuration comes from: the files of a directory, with what the command line says over
 * them; or JSON, for a server within another program. {@link SettingsReader} reads it.
 */
public sealed interface ConfigSource permits Overrides, JsonConfig {}
