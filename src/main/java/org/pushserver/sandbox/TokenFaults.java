// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.pushserver.sandbox.Fault.Kind;

/**
 * Faults that a device token asks for by how it begins. Apple's tokens are hex, so each word has a
 * spelling in hex digits; both work everywhere. Upper and lower case are the same.
 *
 * <table>
 * <caption>Beginnings of tokens</caption>
 * <tr><th>word</th><th>hex</th><th>what happens</th></tr>
 * <tr><td>{@code dead}</td><td>{@code dead}</td><td>APNs 410 Unregistered, FCM 404
 *     UNREGISTERED</td></tr>
 * <tr><td>{@code bad0}</td><td>{@code bad0}</td><td>APNs 400 BadDeviceToken, FCM 400 that names the
 *     registration token</td></tr>
 * <tr><td>{@code slow}</td><td>{@code 5105}</td><td>accepted after 2 s; four decimal digits that
 *     follow are the milliseconds instead</td></tr>
 * <tr><td>{@code busy}</td><td>{@code b057}</td><td>429 with Retry-After 1, then accepted, in
 *     turn</td></tr>
 * <tr><td>{@code fail}</td><td>{@code fa11}</td><td>503, then accepted, in turn</td></tr>
 * <tr><td>{@code lost}</td><td>{@code 1057}</td><td>connection closed without an answer, then
 *     accepted, in turn</td></tr>
 * <tr><td>{@code down}</td><td>{@code d0a0}</td><td>503 each time</td></tr>
 * <tr><td>{@code idle}</td><td>{@code 1d1e}</td><td>never an answer</td></tr>
 * <tr><td>{@code bade}</td><td>{@code bade}</td><td>farewell: GOAWAY, then accepted</td></tr>
 * </table>
 */
final class TokenFaults {
  private static final int PREFIX = 4;
  private static final int REMEMBERED = 10_000;
  private static final Duration SLOW = Duration.ofSeconds(2);

  /** Tokens whose last try failed, the oldest forgotten first. */
  private final Set<String> failed =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
              return size() > REMEMBERED;
            }
          });

  /** What a token asks for now. One thread at a time. */
  Optional<Fault> next(Service service, String token) {
    if (token.length() < PREFIX) {
      return Optional.empty();
    }
    return switch (token.substring(0, PREFIX).toLowerCase(Locale.ROOT)) {
      case "dead" -> Optional.of(Fault.answer(service == Service.APNS ? 410 : 404));
      case "bad0" -> Optional.of(Fault.answer(400));
      case "slow", "5105" -> Optional.of(Fault.of(Kind.DELAY).after(wait(token)));
      case "busy", "b057" -> inTurn(token, Fault.answer(429).retryAfter(1));
      case "fail", "fa11" -> inTurn(token, Fault.answer(503));
      case "lost", "1057" -> inTurn(token, Fault.of(Kind.DROP));
      case "down", "d0a0" -> Optional.of(Fault.answer(503));
      case "idle", "1d1e" -> Optional.of(Fault.of(Kind.STALL));
      case "bade" -> Optional.of(Fault.of(Kind.GOAWAY));
      default -> Optional.empty();
    };
  }

  private Optional<Fault> inTurn(String token, Fault fault) {
    if (failed.remove(token)) {
      return Optional.empty();
    }
    failed.add(token);
    return Optional.of(fault);
  }

  private static Duration wait(String token) {
    String digits = token.substring(PREFIX, Math.min(token.length(), PREFIX + 4));
    return digits.matches("[0-9]{4}") ? Duration.ofMillis(Integer.parseInt(digits)) : SLOW;
  }
}
