// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import java.util.Objects;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.spi.Time;
import org.pushserver.tokens.NoTokenStore;
import org.pushserver.tokens.TokenStore;

/**
 * What the calls of the API go to, whatever they come in by. Immutable; any thread.
 *
 * @param dispatcher takes the pushes
 * @param acks takes what is said of phones
 * @param tokens where the devices of accounts are
 * @param time the clock by which pushes are born
 */
public record ApiParts(Dispatcher dispatcher, AckApi acks, TokenStore tokens, Time time) {
  public ApiParts {
    Objects.requireNonNull(dispatcher, "dispatcher");
    Objects.requireNonNull(acks, "acks");
    Objects.requireNonNull(tokens, "tokens");
    Objects.requireNonNull(time, "time");
  }

  /** Pushes to devices that are named, and nothing else. */
  public static ApiParts of(Dispatcher dispatcher, Time time) {
    return new ApiParts(dispatcher, AckApi.OFF, NoTokenStore.INSTANCE, time);
  }

  /** The same with other stored tokens. */
  public ApiParts with(TokenStore store) {
    return new ApiParts(dispatcher, acks, store, time);
  }
}
