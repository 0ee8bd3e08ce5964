// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import io.vertx.core.buffer.Buffer;
import java.util.Map;
import java.util.Objects;

/**
 * A notification, ready to be sent.
 *
 * @param headers what this notification adds to the request's headers, names in lower case; for
 *     Apple {@code apns-topic}, {@code apns-push-type}, {@code apns-priority}, {@code
 *     apns-expiration}; for Firebase none
 * @param body JSON, UTF-8; for Firebase the whole HTTP v1 request: {@code {"message": {...}}}
 */
public record Payload(Map<String, String> headers, Buffer body) {
  public Payload {
    Objects.requireNonNull(headers, "headers");
    Objects.requireNonNull(body, "body");
  }
}
