// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import io.vertx.core.eventbus.Message;
import java.util.List;
import org.pushserver.api.CallerCheck;
import org.pushserver.api.LivePolicy;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.Right;
import org.pushserver.observe.AnsweredRequests;
import org.pushserver.observe.Readiness;
import org.pushserver.observe.RequestMeters;

/**
 * Consumes the messages that ask how the server is: whoever shows no key, where keys are needed, is
 * told only whether it can send. Confined to one event loop.
 */
final class StatusConsumer {
  private static final int OK = 200;

  private final String address;
  private final LivePolicy policy;
  private final CallerCheck check;
  private final Readiness readiness;
  private final AnsweredRequests answered;

  /**
   * @param address where they come in
   */
  StatusConsumer(
      String address,
      LivePolicy policy,
      CallerCheck check,
      Readiness readiness,
      RequestMeters meters) {
    this.address = address;
    this.policy = policy;
    this.check = check;
    this.readiness = readiness;
    this.answered = meters.answered(List.of(address));
  }

  /** Answers. */
  void take(Message<Object> received) {
    BusMessage message = new BusMessage(received);
    if (message.hasSender()) {
      ApiKeys keys = policy.now().busKeys();
      ApiKey key = keys.isOpen() ? null : check.key(message.key(), keys);
      boolean known = keys.isOpen() || (key != null && key.may(Right.PUSH));
      answered.count(address, OK);
      message.reply(message.written(readiness.json(known)), 0);
    }
  }
}
