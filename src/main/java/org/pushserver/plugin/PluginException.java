// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import org.pushserver.spi.Reason;

/** A plugin cannot be loaded; the message says why, and is part of a sentence about its file. */
final class PluginException extends Exception {
  private static final long serialVersionUID = 1L;

  PluginException(String message) {
    super(message);
  }

  PluginException(String message, Throwable cause) {
    super(message + ": " + Reason.of(cause), cause);
  }
}
