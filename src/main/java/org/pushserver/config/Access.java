// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.util.Objects;

/**
 * Who may use the server.
 *
 * @param allowedHosts the addresses that may
 * @param trustedProxies whose word counts for the address of a client behind them
 * @param keys the API keys, of which a client needs one
 * @param allowGet whether a push may be asked for with {@code GET}
 */
public record Access(
    AddressList allowedHosts, AddressList trustedProxies, ApiKeys keys, boolean allowGet) {
  /** Everybody may, from everywhere: what holds when the file says nothing. */
  public static final Access OPEN = new Access(AddressList.ALL, AddressList.NONE, ApiKeys.OPEN);

  /** With {@code POST} alone. */
  public Access(AddressList allowedHosts, AddressList trustedProxies, ApiKeys keys) {
    this(allowedHosts, trustedProxies, keys, false);
  }

  public Access {
    Objects.requireNonNull(allowedHosts, "allowedHosts");
    Objects.requireNonNull(trustedProxies, "trustedProxies");
    Objects.requireNonNull(keys, "keys");
  }
}
