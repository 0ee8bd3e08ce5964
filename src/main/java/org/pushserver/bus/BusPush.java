// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import java.util.Map;
import java.util.Optional;
import org.pushserver.api.Caller;
import org.pushserver.api.IncomingPush;
import org.pushserver.api.Policy;
import org.pushserver.api.RequestRefused;
import org.pushserver.observe.RequestMeters;

/** A message that was let in. Confined to one event loop. */
final class BusPush implements IncomingPush {
  private final BusMessage message;
  private final byte[] body;
  private final Caller caller;
  private final Policy policy;
  private final Optional<Boolean> waits;
  private final RequestMeters meters;

  /**
   * @param waits whether its sender waits; empty when it leaves that to others
   * @param meters counts what is refused of it while the rest goes on
   */
  BusPush(
      BusMessage message,
      byte[] body,
      Caller caller,
      Policy policy,
      Optional<Boolean> waits,
      RequestMeters meters) {
    this.message = message;
    this.body = body;
    this.caller = caller;
    this.policy = policy;
    this.waits = waits;
    this.meters = meters;
  }

  @Override
  public byte[] body() {
    return body;
  }

  @Override
  public Iterable<Map.Entry<String, String>> headers() {
    return message.headers();
  }

  @Override
  public Caller caller() {
    return caller;
  }

  @Override
  public Policy policy() {
    return policy;
  }

  @Override
  public void refusedInPart(RequestRefused refusal) {
    meters.refused(
        refusal.status(), refusal.why(), () -> refusal.request(caller.toString(), "SEND"));
  }

  @Override
  public boolean waits() {
    return waits.orElse(policy.waitForResult());
  }

  @Override
  public boolean neverWaits() {
    return !waits.orElse(true);
  }
}
