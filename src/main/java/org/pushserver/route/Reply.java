// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/**
 * What the peer answered to one request.
 *
 * @param status the HTTP status
 * @param body empty when there was none, or more than 64 KiB
 * @param connection the number of the connection that it came over, for {@link Route#leave}
 */
public record Reply(int status, MultiMap headers, Buffer body, long connection) {}
