// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.pushserver.config.Access;
import org.pushserver.config.AddressList;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.Limits;

/** A request as it is let in, without anything that carries it. */
final class AskedPush implements IncomingPush {
  private final byte[] body;
  private final Caller caller;
  private final boolean waits;

  AskedPush(String body, Caller caller, boolean waits) {
    this.body = body.getBytes(StandardCharsets.UTF_8);
    this.caller = caller;
    this.waits = waits;
  }

  /** Of somebody who waits, and may use all applications. */
  AskedPush(String body) {
    this(body, SampleRequest.CALLER, true);
  }

  @Override
  public byte[] body() {
    return body;
  }

  @Override
  public Iterable<Map.Entry<String, String>> headers() {
    return List.of();
  }

  @Override
  public Caller caller() {
    return caller;
  }

  @Override
  public Policy policy() {
    return new Policy(
        waits,
        new Access(AddressList.ALL, AddressList.NONE, ApiKeys.OPEN),
        ApiKeys.OPEN,
        Limits.DEFAULT,
        SampleRequest.JSON,
        null);
  }

  @Override
  public boolean waits() {
    return waits;
  }
}
