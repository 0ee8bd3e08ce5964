// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import java.util.List;
import org.pushserver.push.Push;
import org.pushserver.queue.DeliveredPush;
import org.pushserver.queue.Meanwhile;

/** What has happened here to calls of which another server had pushes. Any thread. */
record HappenedHere(RecentCancels cancels, DeliveredLately lately) implements Meanwhile {
  @Override
  public boolean isOver(Push push) {
    return cancels.isOverElsewhere(push);
  }

  @Override
  public List<DeliveredPush> delivered(Push push) {
    return lately.since(push);
  }
}
