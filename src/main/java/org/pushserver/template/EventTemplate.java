// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.template;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import org.pushserver.push.Push;
import org.pushserver.spi.ApplePushType;

/**
 * How the notifications of one event are made.
 *
 * @param template the JSON
 * @param lifetime how long the push service may keep one
 * @param pushType for Apple
 * @param priority for Apple
 * @param topic for Apple; null for the usual one
 */
record EventTemplate(
    PayloadTemplate template,
    Duration lifetime,
    ApplePushType pushType,
    int priority,
    String topic) {

  Buffer body(Push push, long now) {
    try {
      return Buffer.buffer(template.fill(new Values.Subject(push, ttl(push, now))));
    } catch (TemplateException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  /** Whole seconds, rounded down so that nothing is delivered after the deadline. */
  private long ttl(Push push, long now) {
    return Math.min(lifetime.toMillis(), push.remaining(now)) / 1000;
  }
}
