// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

/**
 * Which doors a server has besides the event bus.
 *
 * @param http whether requests come in over HTTP
 * @param admin whether health and metrics are shown over HTTP, wherever that is
 * @param takesOver whether another server may still listen where this one is to: it is about to
 *     end, and this one takes over
 */
public record Doors(boolean http, boolean admin, boolean takesOver) {
  /** As configured: what a server that is a process of its own has. */
  public static final Doors ALL = new Doors(true, true);

  /** The same for one that takes over from another. */
  public static final Doors TAKEN_OVER = new Doors(true, true, true);

  /** Doors where nobody listens yet. */
  public Doors(boolean http, boolean admin) {
    this(http, admin, false);
  }
}
