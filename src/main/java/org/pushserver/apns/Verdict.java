// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import org.pushserver.push.Answer;

/**
 * What an answer of APNs means.
 *
 * @param answer for the push
 * @param remedy what to do about the connection or the provider token
 */
record Verdict(Answer answer, Remedy remedy) {
  /** What puts right what made APNs refuse. */
  enum Remedy {
    /** Nothing that we could do now. */
    NONE,
    /** A new connection: this one is used up. */
    RECONNECT,
    /** A new connection, and the push again at once, unless that was tried lately. */
    RECONNECT_AND_REPEAT,
    /** A new provider token on a new connection, and the push again at once. */
    RENEW_AND_REPEAT
  }
}
