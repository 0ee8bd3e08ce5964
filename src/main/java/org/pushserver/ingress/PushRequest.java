// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import org.pushserver.push.Push;

/**
 * A push, and what of its request the answer repeats.
 *
 * @param token as received: callers look their device up by it, so a pair stays a pair
 */
record PushRequest(Push push, String token) {}
