// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

/** How one service judges requests. Called on the sandbox's event loop only. */
interface StandIn {
  /** Which service. */
  Service service();

  /** What the real service would answer. */
  StandInAnswer judge(Inbound request);

  /**
   * What the real service would say with this status.
   *
   * @param reason null for the usual one
   */
  StandInAnswer forced(int status, String reason, Inbound request);

  /** The device token of an acceptable request; empty when such requests have none. */
  String token(Inbound request);
}
