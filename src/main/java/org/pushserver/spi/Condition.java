// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.util.Objects;

/**
 * How it stands with the way from an application to its push service: what an operator who asks why
 * a phone does not ring has to know first.
 *
 * @param state in one word
 * @param reason why it is so, in an operator's words, without secrets; empty while all is well
 */
public record Condition(State state, String reason) {
  /** All is well. */
  public static final Condition CONNECTED = new Condition(State.CONNECTED, "");

  public Condition {
    Objects.requireNonNull(state, "state");
    Objects.requireNonNull(reason, "reason");
  }

  /** How it can stand. */
  public enum State {
    /** Pushes are sent. */
    CONNECTED,
    /** Pushes wait: there is no connection, or no token for it, and both are being tried for. */
    CONNECTING,
    /** Pushes are refused at once: the service does not accept the application's credentials. */
    REFUSED
  }
}
