// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.List;
import java.util.function.Predicate;
import org.pushserver.push.Push;

/** What a server knows that has happened while a push waited which another one had. Any thread. */
public interface Meanwhile {
  /** Whether a push need not be sent: a ring that a cancel has overtaken. */
  boolean isOver(Push push);

  /** What was delivered here meanwhile of the same call. */
  List<DeliveredPush> delivered(Push push);

  /** The same, and of more it is known that they need not be sent. */
  default Meanwhile or(Predicate<Push> over) {
    Meanwhile known = this;
    return new Meanwhile() {
      @Override
      public boolean isOver(Push push) {
        return known.isOver(push) || over.test(push);
      }

      @Override
      public List<DeliveredPush> delivered(Push push) {
        return known.delivered(push);
      }
    };
  }
}
