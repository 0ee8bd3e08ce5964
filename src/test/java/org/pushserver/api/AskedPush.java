// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.pushserver.config.Access;
import org.pushserver.config.AddressList;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.Limits;

/** A request as it is let in, without anything that carries it. */
public final class AskedPush implements IncomingPush {
  private final byte[] body;
  private final Caller caller;
  private final boolean waits;
  private final List<Runnable> whenGone = new ArrayList<>();
  private boolean cancelsOnDisconnect;

  /** Of somebody who may be anybody. */
  public AskedPush(String body, Caller caller, boolean waits) {
    this.body = body.getBytes(StandardCharsets.UTF_8);
    this.caller = caller;
    this.waits = waits;
  }

  /** Of somebody who waits, and may use all applications. */
  public AskedPush(String body) {
    this(body, SampleRequest.CALLER, true);
  }

  @Override
  public byte[] body() {
    return body;
  }

  /** The same at a server that cancels the rings of clients that go away. */
  @CanIgnoreReturnValue
  public AskedPush cancelledWhenGone() {
    cancelsOnDisconnect = true;
    return this;
  }

  /** Its client goes away. */
  public void leave() {
    whenGone.forEach(Runnable::run);
  }

  @Override
  public void whenGone(Runnable action) {
    whenGone.add(action);
  }

  @Override
  public void refusedInPart(RequestRefused refusal) {
    // Who counts is another's.
  }

  @Override
  public boolean wantsForm(boolean asked) {
    return asked;
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
        cancelsOnDisconnect,
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
