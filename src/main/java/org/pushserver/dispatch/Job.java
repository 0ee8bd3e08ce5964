// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import org.pushserver.push.Push;

/**
 * What goes over the event bus to an application's verticle.
 *
 * @param push what to send
 * @param untilEnd whether the reply is the outcome, or only whether the push was accepted
 */
record Job(Push push, boolean untilEnd) {}
