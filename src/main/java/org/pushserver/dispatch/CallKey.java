// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import org.pushserver.push.Push;

/**
 * One call to one device, or one message to it.
 *
 * @param callId not empty
 * @param device of {@link org.pushserver.push.Device#key}
 */
record CallKey(String callId, String device) {
  /** What a push is part of; null when it has no call-id, by which others could know it. */
  static CallKey of(Push push) {
    return push.callId().isEmpty() ? null : new CallKey(push.callId(), push.device().key());
  }
}
