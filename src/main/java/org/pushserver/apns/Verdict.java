// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import org.pushserver.push.Answer;
import org.pushserver.route.Judged;

/**
 * What an answer of APNs means.
 *
 * @param answer for the push
 * @param credentials for the application
 * @param remedy what to do about the connection or the provider token
 * @param badToken whether it is that APNs does not know the device token
 */
record Verdict(Answer answer, Judged.Credentials credentials, Remedy remedy, boolean badToken) {
  /** What puts right what made APNs refuse. */
  enum Remedy {
    /** Nothing that we could do now. */
    NONE,
    /** A new connection: this one is used up. */
    RECONNECT,
    /** A new connection; silence when that did not help lately. */
    RECONNECT_OR_PAUSE,
    /** A new connection, and the push again at once, unless that was tried lately. */
    RECONNECT_AND_REPEAT,
    /** A new provider token on a new connection, and the push again at once. */
    RENEW_AND_REPEAT
  }

  /** The same, when it is probably not the token that is bad. */
  Verdict doubted() {
    return new Verdict(ApnsAnswers.doubted(answer.response()), credentials, remedy, badToken);
  }

  /** What is left when the remedy has been seen to. */
  Judged judged() {
    return new Judged(answer, credentials);
  }
}
