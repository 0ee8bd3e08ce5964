// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;

/**
 * What the peer answered to one request.
 *
 * @param status the HTTP status
 * @param body as far as it came; empty when there was none, or more than 64 KiB
 * @param whole whether that is all of the body. The status stands either way: the peer had decided
 *     when it sent it
 * @param connection the number of the connection that it came over, for {@link Route#leave}
 */
public record Reply(int status, MultiMap headers, Buffer body, boolean whole, long connection) {
  /** One that came to its end. */
  public Reply(int status, MultiMap headers, Buffer body, long connection) {
    this(status, headers, body, true, connection);
  }
}
