// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/**
 * Asks something of many devices, so many at a time, and of those of one account one after the
 * other: they may be of one phone. Any thread.
 */
public final class AccountLanes {
  private static final int LANES = 256;

  private AccountLanes() {}

  /**
   * Asks it.
   *
   * @return what was answered, in the order of the devices; fails when one of them does
   */
  public static <T> Future<List<T>> each(
      List<StoredToken> tokens, Function<StoredToken, Future<T>> question) {
    List<Future<T>> lanes = new ArrayList<>(Collections.nCopies(LANES, null));
    List<Future<T>> answers = new ArrayList<>(tokens.size());
    for (StoredToken token : tokens) {
      int lane = Math.floorMod(AccountNames.canonical(token.account()).hashCode(), LANES);
      Future<T> before = lanes.get(lane);
      Future<T> answer =
          before == null ? question.apply(token) : before.compose(done -> question.apply(token));
      Future<T> unused = lanes.set(lane, answer);
      boolean unusedToo = answers.add(answer);
    }
    return Future.join(answers).map(done -> answers.stream().map(Future::result).toList());
  }
}
