// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import org.pushserver.api.IncomingPush;

/** A request of a foreign sender that was let in. Confined to one event loop. */
public interface ForeignRequest extends IncomingPush {
  /** The path that it asked for, for the log: without a query, and without what stands in it. */
  String asked();

  /**
   * What its query says.
   *
   * @return null when it does not have the name
   */
  String parameter(String name);

  /** What stands in its path for a {@code {name}}. */
  String path(String name);

  /** Foreign senders do: that is how they learn which tokens are dead. */
  @Override
  default boolean waits() {
    return true;
  }
}
