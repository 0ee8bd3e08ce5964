// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.Map;
import org.pushserver.push.Answer;
import org.pushserver.push.Response;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;

/** What push services say in tests, and what they are sent. */
public final class SampleAnswers {
  /** So long a call is worth to be sent. */
  public static final Duration CALL = Duration.ofSeconds(64);

  public static final Payload PAYLOAD = new Payload(Map.of(), Buffer.buffer("{}"));

  private SampleAnswers() {}

  /** How an application tries that may have so many pushes. */
  public static Delivery delivery(int maxQueue) {
    return new Delivery(CALL, Duration.ofHours(2), Duration.ofSeconds(10), maxQueue, 1);
  }

  /**
   * The same, of one that pushes rings once more.
   *
   * @param repeatAfter after how long; null for never
   */
  static Delivery delivery(int maxQueue, Duration repeatAfter) {
    return new Delivery(
        CALL, Duration.ofHours(2), Duration.ofSeconds(10), maxQueue, 1, null, null, repeatAfter);
  }

  public static Response said(int code, String reason) {
    return new Response(code, reason, "https://push.example.com/3", "{\"said\":" + code + "}");
  }

  public static Answer delivered() {
    return new Answer.Delivered(said(200, ""));
  }

  public static Answer later(Duration after) {
    return new Answer.Later(said(503, "Busy"), after, false);
  }

  public static NotSentException notSent() {
    return new NotSentException("stream refused");
  }
}
