// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.route;

import io.vertx.core.buffer.Buffer;

/**
 * What comes of an {@link AwaitedAnswer}.
 *
 * @param status the HTTP status
 * @param body empty when there was none, or more than 64 KiB
 */
public record WholeAnswer(int status, Buffer body) {
  /** The same, with a credential of ours hidden wherever it is repeated. */
  public WholeAnswer without(String secret) {
    return new WholeAnswer(status, Reply.without(secret, body));
  }
}
