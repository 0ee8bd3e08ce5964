// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

/**
 * Which doors a server has besides the event bus.
 *
 * @param http whether requests come in over HTTP
 * @param admin whether health and metrics are shown over HTTP, wherever that is
 */
public record Doors(boolean http, boolean admin) {
  /** As configured: what a server that is a process of its own has. */
  public static final Doors ALL = new Doors(true, true);
}
