// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import java.util.Optional;
import org.pushserver.push.Kind;

/**
 * How the device tokens of a push service look. A token ends up in the path of a request or in a
 * JSON body; what cannot be one is refused before it gets there. Pure; any thread.
 */
@FunctionalInterface
public interface TokenForm {
  /** Any printable ASCII without spaces; two tokens are the same letter for letter. */
  TokenForm PRINTABLE = TokenForm::unprintable;

  /**
   * What is wrong with a token.
   *
   * @param token not empty
   * @return the end of the sentence "Field 'token' must be", as {@link #wrong} makes it, which
   *     never repeats the token; empty when a device may have it
   */
  Optional<String> problem(String token);

  /**
   * A lone token with its kind, as the same service reads it; by default as it is.
   *
   * @param token not empty
   * @param kind what the request says of it: {@code voip} or {@code remote}
   * @return what {@link #problem} may then find wrong
   */
  default String ofKind(String token, String kind) {
    return token;
  }

  /**
   * Of a good token the one to send to, where an app registers several in one.
   *
   * @param token good by {@link #problem}
   * @param kind of the push
   * @return empty when the device has none for such a push
   */
  default String pick(String token, Kind kind) {
    return token;
  }

  /**
   * Whether a good token says that none of the device's is for VoIP pushes; by default not: then a
   * ring is whatever a ring is with this service.
   *
   * @param token good by {@link #problem}
   * @return false unless overridden
   */
  default boolean isWithoutVoip(String token) {
    return false;
  }

  /**
   * What keeps a good token from being used for a push.
   *
   * @param token good by {@link #problem}
   * @param kind of the push
   * @return the end of the sentence "Field 'token' must be", which never repeats the token; empty
   *     when it can be used
   */
  default Optional<String> unfit(String token, Kind kind) {
    return Optional.empty();
  }

  /**
   * What is wrong with a token that a device registers, to be pushed to later. Apps register under
   * an account whatever they were given, and what is none of its service's tokens that shows: so
   * this is wider than {@link #problem} where that does no harm.
   *
   * @param token not empty
   * @return as {@link #problem}, which it is by default
   */
  default Optional<String> unstorable(String token) {
    return problem(token);
  }

  /**
   * Of what a device registers the token for calls.
   *
   * @param registered good by {@link #unstorable}
   * @return by default all of it; not empty
   */
  default String main(String registered) {
    return registered;
  }

  /**
   * Of what a device registers the token for all else.
   *
   * @param registered good by {@link #unstorable}
   * @return null when it has no other, as by default
   */
  default String background(String registered) {
    return null;
  }

  /**
   * The two together again, as {@link #pick} reads them.
   *
   * @param main of {@link #main}
   * @param background of {@link #background}; may be null
   * @return by default the first
   */
  default String joined(String main, String background) {
    return main;
  }

  /**
   * The spelling in which two tokens of the same device are equal.
   *
   * @param token good by {@link #problem}
   * @return by default the token as it is
   */
  default String compared(String token) {
    return token;
  }

  /**
   * The words for a token that is wrong.
   *
   * @param allowed what it must be
   * @param at the index of the first character that is wrong
   * @return what {@link #problem} returns
   */
  static Optional<String> wrong(String allowed, int at) {
    return Optional.of(allowed + "; wrong at character " + (at + 1));
  }

  private static Optional<String> unprintable(String token) {
    for (int at = 0; at < token.length(); at++) {
      if (token.charAt(at) <= ' ' || token.charAt(at) > '~') {
        return wrong("printable ASCII without spaces", at);
      }
    }
    return Optional.empty();
  }
}
