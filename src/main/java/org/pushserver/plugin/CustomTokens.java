// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.pushserver.push.Kind;
import org.pushserver.spi.TokenForm;

/** How a plugin's tokens look; where it cannot say, as if it did not say at all. */
final class CustomTokens implements TokenForm {
  private final TokenForm custom;

  CustomTokens(TokenForm custom) {
    this.custom = Objects.requireNonNull(custom, "no form of tokens");
  }

  @Override
  public Optional<String> problem(String token) {
    Optional<String> problem = ask(() -> custom.problem(token), null);
    return problem == null ? PRINTABLE.problem(token) : problem;
  }

  @Override
  public String pick(String token, Kind kind) {
    String picked = ask(() -> custom.pick(token, kind), token);
    return picked.isEmpty() ? token : picked;
  }

  @Override
  public String ofKind(String token, String kind) {
    return ask(() -> custom.ofKind(token, kind), token);
  }

  @Override
  public boolean isWithoutVoip(String token) {
    return ask(() -> custom.isWithoutVoip(token), false);
  }

  @Override
  public Optional<String> unfit(String token, Kind kind) {
    return ask(() -> custom.unfit(token, kind), Optional.empty());
  }

  @Override
  public Optional<String> unstorable(String token) {
    Optional<String> problem = ask(() -> custom.unstorable(token), null);
    return problem == null ? problem(token) : problem;
  }

  @Override
  public String main(String registered) {
    String main = ask(() -> custom.main(registered), registered);
    return main.isEmpty() ? registered : main;
  }

  @Override
  public String background(String registered) {
    return ask(() -> custom.background(registered), null);
  }

  @Override
  public String joined(String main, String background) {
    String joined = ask(() -> custom.joined(main, background), main);
    return joined.isEmpty() ? main : joined;
  }

  @Override
  public String compared(String token) {
    return ask(() -> custom.compared(token), token);
  }

  private static <T> T ask(Supplier<T> question, T otherwise) {
    try {
      T answer = question.get();
      return answer == null ? otherwise : answer;
    } catch (RuntimeException | Error e) {
      return otherwise;
    }
  }
}
