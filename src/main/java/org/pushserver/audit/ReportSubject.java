// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import java.util.UUID;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;

/**
 * What a report is about. Not the push itself: a report may wait longer than it lives. Immutable.
 *
 * @param push its id
 * @param app its application
 * @param callId its call-id
 */
record ReportSubject(UUID push, AppKey app, String callId) {
  static ReportSubject of(Push push) {
    return new ReportSubject(push.id(), push.app(), push.callId());
  }
}
