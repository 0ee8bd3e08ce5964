// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import org.pushserver.config.ApiKey;
import org.pushserver.config.Right;
import org.pushserver.push.AppKey;

/**
 * Who sent a request.
 *
 * @param address the client's IP address; behind a trusted proxy, what the proxy says; empty when
 *     its connection is gone already
 * @param key the API key it showed; null when none was needed
 * @param stranger whether it was let in although a key would have been needed to see everything
 * @param ofAccount whether its key was found to be good for the one account that it asks for
 */
public record Caller(String address, ApiKey key, boolean stranger, boolean ofAccount) {
  /** Providers give an IPv6 client a whole network of this many groups, and all of it to use. */
  private static final int IPV6_GROUPS = 4;

  /** One that sees everything. */
  public Caller(String address, ApiKey key) {
    this(address, key, false, false);
  }

  /** One that may be a stranger. */
  public Caller(String address, ApiKey key, boolean stranger) {
    this(address, key, stranger, false);
  }

  /**
   * The same for what he does with one account: his applications still limit him.
   *
   * @throws RequestRefused 403 when his key does not allow it
   */
  public Caller with(Right right, String account) {
    if (key == null) {
      return this;
    }
    CallerCheck.require(key, right, account);
    return new Caller(address, key, stranger, true);
  }

  /** Whether it may ask something of this application. */
  public boolean mayUse(AppKey application) {
    return !stranger
        && (key == null || ((ofAccount || key.may(Right.PUSH)) && key.opens(application)));
  }

  /** Under which name its requests are counted: its key, else its address or network. */
  public String account() {
    if (key != null) {
      return key.name();
    }
    int end = -1;
    for (int group = 0; group < IPV6_GROUPS; group++) {
      end = address.indexOf(':', end + 1);
      if (end < 0) {
        return address;
      }
    }
    return address.substring(0, end);
  }

  /** For a log line. */
  @Override
  public String toString() {
    return key == null ? address : address + " key=" + key.name();
  }
}
