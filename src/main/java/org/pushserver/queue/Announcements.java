// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.List;
import org.pushserver.queue.Calls.Decision;

/**
 * Lets cancels be known to whoever may go on with their rings before they are sent, or answered: a
 * server that dies right after that leaves rings which are taken up, and would ring after their
 * call. Where nobody else would go on with anything it costs nothing. Confined to one event loop.
 */
final class Announcements {
  private final Keeping keeping;
  private final Endings endings;
  private final Runnable sendMore;

  /**
   * @param sendMore called when a cancel may be sent
   */
  Announcements(Keeping keeping, Endings endings, Runnable sendMore) {
    this.keeping = keeping;
    this.endings = endings;
    this.sendMore = sendMore;
  }

  /**
   * Announces a cancel that has just come.
   *
   * @param decision what is to be done with it
   * @return what is to be done with it first
   */
  Decision announce(Waiting cancel, Decision decision) {
    if (!keeping.announce(cancel, () -> known(cancel))) {
      return decision;
    }
    if (decision instanceof Decision.Send) {
      cancel.needed = true;
      cancel.awaited++;
      return new Decision.Hold(List.of(), decision.withdrawn());
    }
    cancel.awaited += decision instanceof Decision.Hold ? 1 : 0;
    return decision;
  }

  private void known(Waiting cancel) {
    cancel.awaited--;
    if (cancel.awaited == 0) {
      endings.release(cancel);
      sendMore.run();
    }
  }
}
