// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.push;

/**
 * What a push asks of the phone. It decides how long the push is worth sending and who goes first.
 */
public enum Kind {
  /** The phone is to ring. */
  RING,
  /** The phone is to stop ringing. */
  CANCEL,
  /** The phone is to show a message. */
  MESSAGE,
  /** The phone is to fetch a file. */
  TRANSFER,
  /** The app is to register, and its user to notice nothing. */
  WAKE;

  /**
   * {@return whether the push is part of a call being set up, and so goes before all that is not}
   */
  public boolean isCall() {
    return this == RING || this == CANCEL;
  }
}
