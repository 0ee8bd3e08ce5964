// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.hep;

import io.vertx.core.Future;
import java.net.InetAddress;
import java.time.InstantSource;
import org.pushserver.audit.PushLogLines;
import org.pushserver.config.HepSettings;
import org.pushserver.events.Attempt;
import org.pushserver.events.PushListener;
import org.pushserver.log.LogLine;
import org.pushserver.push.Answer;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.spi.Time;

/**
 * Tells Homer, or whoever else understands HEP3, of each attempt and each end, with the call-id by
 * which it joins them to the SIP of the call. Any thread.
 */
public final class Homer implements PushListener {
  private final HepSender sender;
  private final InstantSource clock;

  Homer(HepSender sender, InstantSource clock) {
    this.sender = sender;
    this.clock = clock;
  }

  /**
   * Begins.
   *
   * @param ownPort where requests come in, by which Homer can tell this server from others
   */
  public static Homer open(HepSettings settings, int ownPort, Time time) {
    HepSender sender = new HepSender(settings, ownPort, InetAddress::getByName, time);
    sender.start();
    // Homer sorts by microseconds, and what our seam of time tells is milliseconds.
    return new Homer(sender, InstantSource.system());
  }

  @Override
  public void attempted(Push push, Attempt attempt) {
    tell(push, PushLogLines.attempt(push, attempt), url(attempt), false);
  }

  @Override
  public void late(Push push, Attempt attempt) {
    if (attempt.answer() != null) {
      tell(push, PushLogLines.late(push, attempt), url(attempt), false);
    }
  }

  @Override
  public void ended(Push push, Outcome outcome, long now) {
    LogLine line = PushLogLines.outcome(push, outcome, now - push.bornAt());
    tell(push, line, outcome.response().url(), true);
  }

  private static String url(Attempt attempt) {
    Answer answer = attempt.answer();
    return answer == null ? "" : answer.response().url();
  }

  private void tell(Push push, LogLine line, String url, boolean comesBack) {
    sender.take(new HepEvent(clock.instant(), push.callId(), line, url, comesBack));
  }

  /** Tells what is left to tell; completes within a second or so. */
  public Future<Void> close() {
    return sender.close();
  }
}
