// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import org.pushserver.events.PushListener;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.queue.KeptPush;
import org.pushserver.queue.OwnAnswers;
import org.pushserver.spi.Time;

/**
 * The ends of pushes that no application has seen: each request that came in has one, for the log
 * and all others who listen. Any thread.
 */
public final class UnseenPushes {
  private static final String DID_NOT_RUN =
      "expired before the push service took it; its application does not run here";

  private final PushListener listener;
  private final Time time;

  UnseenPushes(PushListener listener, Time time) {
    this.listener = listener;
    this.time = time;
  }

  /** Ends one whose application has gone before it could take it. */
  Outcome lost(Push push) {
    Outcome refused =
        new Outcome(
            Result.OVERLOADED, OwnAnswers.failure(503, "the application is not running"), 0);
    listener.ended(push, refused, time.now());
    return refused;
  }

  /**
   * Ends one that another process had accepted, and whose application did not run before its
   * deadline.
   */
  public void expired(KeptPush kept) {
    Outcome expired =
        new Outcome(Result.EXPIRED, OwnAnswers.failure(504, DID_NOT_RUN), kept.attempts());
    listener.ended(kept.push(), expired, time.now());
  }
}
