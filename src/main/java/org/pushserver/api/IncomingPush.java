// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import java.util.Map;

/** A request for a push that was let in, whatever brought it. Confined to one event loop. */
public interface IncomingPush {
  /** What it says, as it came: a JSON object, or a form. */
  byte[] body();

  /** What it says where its body is empty: a form, as it came; null for nothing. Never logged. */
  default String query() {
    return null;
  }

  /**
   * Whether it is to be answered with a form instead of JSON.
   *
   * @param asked whether one of its fields asks for that
   */
  default boolean wantsForm(boolean asked) {
    return false;
  }

  /** What came with it besides; for the log at debug level. */
  Iterable<Map.Entry<String, String>> headers();

  /** Who sent it. */
  Caller caller();

  /** What holds for it until its end, whatever a reload brings meanwhile. */
  Policy policy();

  /**
   * Counts one device of several that was refused, while the request goes on with the others. A
   * request that is refused as a whole is counted by who answers it.
   */
  void refusedInPart(RequestRefused refusal);

  /**
   * Does something when its sender goes away before it is answered. Asked for only where that
   * matters, and never of what has no connection of its own.
   */
  default void whenGone(Runnable action) {}

  /** Whether its sender waits for the end of the push, unless its fields say for how long. */
  boolean waits();

  /** Whether its sender does not wait, whatever its fields and the application say. */
  default boolean neverWaits() {
    return false;
  }
}
