// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.pushserver.push.AppKey;

/**
 * A process that adds devices to a file until it is killed, and removes every third; it says what
 * was answered, and before that what is asked for when it takes something back.
 */
final class TokenVictim {
  private static final AppKey APP = new AppKey("com.example.phone", AppKey.FIREBASE);
  private static final int LANES = 8;

  private final TokenStore store;

  private TokenVictim(TokenStore store) {
    this.store = store;
  }

  /**
   * Adds and removes.
   *
   * @param arguments the file, and the number of the first device
   */
  public static void main(String[] arguments) throws InterruptedException {
    TokenVictim victim = new TokenVictim(new StoredTokens(Path.of(arguments[0]), 100));
    int first = Integer.parseInt(arguments[1]);
    for (int lane = 0; lane < LANES; lane++) {
      victim.add(first + lane);
    }
    Thread.currentThread().join();
  }

  static String account(int number) {
    return "user" + number + "@example.com";
  }

  private void add(int number) {
    StoredToken token =
        new StoredToken(
            account(number), APP, "phone", "t".repeat(100) + number, null, true, null, 1, 1);
    store
        .add(token)
        .onSuccess(
            done -> {
              System.out.println("added " + number);
              if (number % 3 == 0) {
                remove(number);
              } else {
                add(number + LANES);
              }
            })
        .onFailure(
            cause -> {
              System.out.println("trouble " + cause.getMessage());
              LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
              add(number);
            });
  }

  private void remove(int number) {
    System.out.println("removing " + number);
    store
        .remove(account(number), APP.appId(), "phone")
        .onSuccess(
            done -> {
              System.out.println("removed " + number);
              add(number + LANES);
            })
        .onFailure(cause -> add(number + LANES));
  }
}
