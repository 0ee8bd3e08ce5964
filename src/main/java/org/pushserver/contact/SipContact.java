// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.contact;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.pushserver.push.AppKey;
import org.pushserver.push.Kind;
import org.pushserver.push.TokenPair;

/**
 * What one contact says about how its device is reached by a push. Immutable; any thread.
 *
 * @param provider the push service as the contact names it, such as {@code apns.dev}
 * @param platform the same by its main name, as far as it is one that SIP knows, else in lower case
 * @param sandbox whether it is Apple's sandbox that knows the device
 * @param appId the barest name of the application; empty when the contact names none
 * @param appIds all names under which the application may be configured, in the order in which to
 *     look them up; empty when the contact names none
 * @param tokens what the device is registered under. Of services other than Apple's it is the one
 *     that is not for VoIP
 * @param deviceId the {@code +sip.instance} without {@code urn:uuid:}, or else the {@code
 *     pn-device}; null when there is neither
 * @param silent what {@code pn-silent} says; null when it says nothing
 * @param purr the {@code pn-purr}; null when there is none
 * @param wanted the kinds of pushes that the device asks for
 */
public record SipContact(
    String provider,
    String platform,
    boolean sandbox,
    String appId,
    List<String> appIds,
    TokenPair tokens,
    String deviceId,
    Boolean silent,
    String purr,
    Set<Kind> wanted) {
  public SipContact {
    Objects.requireNonNull(provider, "provider");
    Objects.requireNonNull(platform, "platform");
    Objects.requireNonNull(appId, "appId");
    appIds = List.copyOf(appIds);
    Objects.requireNonNull(tokens, "tokens");
    wanted = Set.copyOf(wanted);
  }

  /**
   * The token to send to: for a ring that for VoIP, or else the other; for all else only the other.
   *
   * @return empty when the device has none for such a push, or does not want it
   */
  public Optional<String> token(Kind kind) {
    return wanted.contains(kind) ? tokens.pick(kind) : Optional.empty();
  }

  /** What stands for all tokens of the device in the field {@code token} of a request. */
  public String registration() {
    return platform.equals(AppKey.APPLE) ? tokens.toString() : tokens.remote();
  }

  /** Without the tokens. */
  @Override
  public String toString() {
    return appId + "/" + provider + (deviceId == null ? "" : " " + deviceId);
  }
}
