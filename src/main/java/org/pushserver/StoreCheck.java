// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.pushserver.cassandra.CassandraTrial;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.TokenSettings;
import org.pushserver.spi.Reason;
import org.pushserver.tokens.NoTokenStore;
import org.pushserver.tokens.TokenFileTrial;

/**
 * What came of trying the store of tokens.
 *
 * @param name which one it is, for people; empty when there is none
 * @param problem what is wrong and what to do; empty when nothing is
 * @param words what there is to say of one that is well
 */
record StoreCheck(String name, String problem, String words) {
  private static final StoreCheck NONE = new StoreCheck("", "", "");

  /**
   * Tries the store that the settings name.
   *
   * @return completes soon after the limit at the latest; does not fail
   */
  static Future<StoreCheck> of(Vertx vertx, ServerSettings settings, Duration limit) {
    TokenSettings tokens = settings.tokens();
    return switch (tokens.store()) {
      case NONE -> Future.succeededFuture(NONE);
      case UNNAMED_CLUSTER ->
          Future.succeededFuture(
              new StoreCheck("Cassandra", NoTokenStore.UNNAMED_CLUSTER.state().problem(), ""));
      case CASSANDRA ->
          result(
              "Cassandra " + settings.cassandra(),
              "login, both tables, and the rights to read and change them",
              CassandraTrial.run(vertx, settings.cassandra()),
              limit);
      case SQLITE ->
          result(
              "SQLite " + tokens.file(),
              Files.exists(tokens.file()) ? "the file can be opened" : "the file can be made",
              vertx.executeBlocking(() -> TokenFileTrial.problem(tokens.file()), false),
              limit);
    };
  }

  private static Future<StoreCheck> result(
      String name, String words, Future<String> trial, Duration limit) {
    return trial
        .timeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .otherwise(
            cause ->
                cause instanceof TimeoutException
                    ? "no answer within " + limit.toSeconds() + " s"
                    : Reason.of(cause))
        .map(problem -> new StoreCheck(name, problem, words));
  }

  /** Whether nothing is wrong. */
  boolean isGood() {
    return problem.isEmpty();
  }

  /** A line for people, and one before it; nothing when there is no store. */
  String render() {
    return name.isEmpty()
        ? ""
        : "\nTried with the store of tokens:\n  "
            + name
            + (isGood() ? "  can be used: " + words : "  CANNOT BE USED: " + problem)
            + "\n";
  }
}
