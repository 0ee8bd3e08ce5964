// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import java.util.List;
import org.pushserver.push.Push;

/**
 * A push, and what of its request the answer repeats.
 *
 * @param token as received: callers look their device up by it, so a pair stays a pair
 * @param mended the names of the texts that were not as they should be
 */
record ReadPush(Push push, String token, List<String> mended) {}
