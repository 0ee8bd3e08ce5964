// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.function.Predicate;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;

/**
 * Who knows whether a ring that was delivered may be pushed once more: its phone has said nothing,
 * and its call goes on. Shared by all applications; any thread.
 */
public interface RepeatGuard {
  /** Knows nothing of phones: no ring is pushed once more. */
  RepeatGuard NEVER =
      new RepeatGuard() {
        @Override
        public boolean mayRepeat(Push ring) {
          return false;
        }

        @Override
        public void over(String callId, Predicate<AppKey> allowed) {}
      };

  /** Whether nothing was heard of a ring's phone, nor that its call is over. */
  boolean mayRepeat(Push ring);

  /**
   * Notes that a call is over, or is to ring nowhere anew.
   *
   * @param allowed whose pushes are meant
   */
  void over(String callId, Predicate<AppKey> allowed);
}
