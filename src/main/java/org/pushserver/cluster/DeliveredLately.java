// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.util.List;
import org.pushserver.events.Attempt;
import org.pushserver.events.PushListener;
import org.pushserver.push.Answer;
import org.pushserver.push.Push;
import org.pushserver.queue.DeliveredPush;
import org.pushserver.spi.Time;

/**
 * What this server has delivered of calls that were another one's a while ago: a copy of the same
 * may still be here, and a phone is not to ring for both. Of other calls nothing is noted. Any
 * thread.
 */
final class DeliveredLately implements PushListener {
  /** About what one takes, with its push, of which mostly nothing is kept elsewhere. */
  private static final int BYTES = 2_000;

  private final Peers peers;
  private final RecentCalls<DeliveredPush> delivered;

  DeliveredLately(Peers peers, Time time) {
    this.peers = peers;
    this.delivered = new RecentCalls<>(time, BYTES);
  }

  @Override
  public void attempted(Push push, Attempt attempt) {
    if (!(attempt.answer() instanceof Answer.Delivered)
        || push.callId().isEmpty()
        // A phone does not mind a second one.
        || RecentCancels.isCancel(push)) {
      return;
    }
    if (peers.isOrWasOfOthers(Ownership.key(push))) {
      delivered.note(
          push.callId(), new DeliveredPush(push, attempt.answer().response(), attempt.number()));
    } else {
      delivered.forgetOld();
    }
  }

  @Override
  public void late(Push push, Attempt attempt) {
    attempted(push, attempt);
  }

  /** Those of the same call that were delivered while a push waited which another server had. */
  List<DeliveredPush> since(Push push) {
    return push.callId().isEmpty()
        ? List.of()
        : delivered.since(push, RecentCancels.ON_ITS_WAY_MS).stream()
            // Another application's may have the same token, and is another one on the phone.
            .filter(one -> one.push().app().equals(push.app()))
            .toList();
  }
}
