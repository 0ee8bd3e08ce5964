// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import org.pushserver.log.Secrets;

/**
 * What a peer answered to one request over HTTP, as it came.
 *
 * @param status the HTTP status
 * @param body as far as it came; empty when there was none, or more than 64 KiB
 * @param whole whether that is all of the body. The status stands either way: the peer had decided
 *     when it sent it
 * @param connection the number of the connection that it came over, for {@link Route#leave}; 0 when
 *     it was no route's
 */
public record Reply(int status, MultiMap headers, Buffer body, boolean whole, long connection) {
  /** One that came to its end. */
  public Reply(int status, MultiMap headers, Buffer body, long connection) {
    this(status, headers, body, true, connection);
  }

  /**
   * The same, with what we sent as a credential hidden wherever the body repeats it.
   *
   * @param authorization the header's value, with its scheme
   */
  public Reply without(String authorization) {
    // Nearly every answer is far shorter, which costs nothing to see.
    if (authorization == null || body.length() < authorization.length() / 2) {
      return this;
    }
    return hiding(Secrets.credential(authorization));
  }

  /** The same, with a credential of ours hidden wherever the body repeats it. */
  public Reply hiding(String secret) {
    if (body.length() < secret.length()) {
      return this;
    }
    String before = body.toString();
    String after = Secrets.without(secret, before);
    return after.equals(before)
        ? this
        : new Reply(status, headers, Buffer.buffer(after), whole, connection);
  }
}
