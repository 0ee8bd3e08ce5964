// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

/** Why a call may ring twice. */
enum DoubleReason {
  /** The answer was on its way to or from a server, or between two, when the fault came. */
  ON_ITS_WAY("the answer was on its way when the fault came"),

  /**
   * The caller's connection broke, and no answer came to him. He asked again after the first ring
   * had been delivered, or by a server that died.
   */
  ASKED_AGAIN("asked for again: the answer was on its way to a caller whose connection broke"),

  /**
   * A request came to the server when that had delivered the first: a new ring, at one server, too,
   * as {@code CallsTest} says.
   */
  NEW_RING("asked for twice: the second came to the server that had delivered the first"),

  /**
   * The server that rang first could not tell the other, or the one where a caller waits: they had
   * lost each other before.
   */
  APART("the answer could not go where it was waited for: servers had lost each other");

  final String words;

  DoubleReason(String words) {
    this.words = words;
  }
}
