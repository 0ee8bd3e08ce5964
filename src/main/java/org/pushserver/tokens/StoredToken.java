// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.util.Comparator;
import java.util.Objects;
import org.pushserver.push.AppKey;

/**
 * A device of an account, as it registered. One of an account is known by its application's id and
 * its device-id. Immutable.
 *
 * @param account the callee: {@code user@domain}, or a user alone; not empty
 * @param app its application; the platform in its own spelling, {@code apple} and not {@code ios}
 * @param deviceId without brackets and {@code urn:uuid:}; not empty
 * @param token the registration token; of Apple's two the one for calls. Never logged whole
 * @param background Apple's other token, for what does not ring; null where the app gave none,
 *     empty where it was found dead and the app has not registered since; the same as {@code token}
 *     where the app has none for calls
 * @param silent what the push for it says unless the application's type knows better
 * @param userAgent of the app; null when it did not say
 * @param storedAt when the app registered it the last time, milliseconds since the epoch; 0 when
 *     that is not known
 * @param lastSeen when it registered, or a push to it was delivered, the last time; exact to a day;
 *     0 when that is not known
 */
public record StoredToken(
    String account,
    AppKey app,
    String deviceId,
    String token,
    String background,
    boolean silent,
    String userAgent,
    long storedAt,
    long lastSeen) {
  /** In which the devices of an account are pushed, answered and listed. */
  public static final Comparator<StoredToken> ORDER =
      Comparator.comparing((StoredToken one) -> one.app().appId())
          .thenComparing(StoredToken::deviceId)
          .thenComparing(one -> one.app().platform());

  public StoredToken {
    requireText(account, "account");
    Objects.requireNonNull(app, "app");
    requireText(deviceId, "deviceId");
    requireText(token, "token");
  }

  private static void requireText(String text, String name) {
    if (text == null || text.isEmpty()) {
      throw new IllegalArgumentException(name + " is empty");
    }
  }

  /** Whether one of its tokens is this one. */
  public boolean has(String one) {
    return rings(one) || TokenSpelling.isSame(app, one, background);
  }

  /** Whether it is the one by which it rings. */
  public boolean rings(String one) {
    return TokenSpelling.isSame(app, one, token);
  }

  /** Whether its app has no token for calls, so that a call can only be shown. */
  public boolean isWithoutVoip() {
    return token.equals(background);
  }

  /** Whether nothing but calls can be pushed to it until its app registers again. */
  public boolean isForCallsAlone() {
    return background != null && background.isEmpty();
  }

  /**
   * What is left of it when one of its tokens is dead: without the one for calls nothing.
   *
   * @return null for nothing
   */
  public StoredToken without(String dead) {
    return rings(dead)
        ? null
        : new StoredToken(account, app, deviceId, token, "", silent, userAgent, storedAt, lastSeen);
  }

  /** The same of another account, or of another spelling of its own. */
  public StoredToken with(String otherAccount) {
    return otherAccount.equals(account)
        ? this
        : new StoredToken(
            otherAccount, app, deviceId, token, background, silent, userAgent, storedAt, lastSeen);
  }

  /**
   * The same, seen once more.
   *
   * @param now milliseconds since the epoch; counts when it is later than what is known
   */
  public StoredToken seen(long now) {
    return now <= lastSeen
        ? this
        : new StoredToken(
            account, app, deviceId, token, background, silent, userAgent, storedAt, now);
  }

  /**
   * Whether nothing was heard of it for so long. Of one of which it is not known when it was seen
   * nothing can be said.
   *
   * @param time milliseconds since the epoch
   */
  public boolean isUnseenSince(long time) {
    return lastSeen != 0 && Math.max(lastSeen, storedAt) < time;
  }

  /** Without its tokens. */
  @Override
  public String toString() {
    return account + " " + app + " " + deviceId;
  }
}
