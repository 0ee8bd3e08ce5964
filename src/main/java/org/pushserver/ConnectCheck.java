// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.pushserver.config.ServerSettings;
import org.pushserver.dispatch.CredentialTrial;
import org.pushserver.dispatch.CredentialTrial.Ended;
import org.pushserver.dispatch.PreparedApplications;
import org.pushserver.dispatch.VertxTime;
import picocli.CommandLine.Option;

/** The option {@code --connect} of {@code check-config}. */
final class ConnectCheck {
  /** For each application, all side by side: a connection that is slow to come, and an answer. */
  private static final Duration LIMIT = Duration.ofSeconds(30);

  @Option(
      names = "--connect",
      description =
          "Also connect to Apple, Google and other push services, through proxies where these are"
              + " configured, and ask whether they accept the credentials. No phone rings. And try"
              + " the store of tokens. Exits with 1 when one cannot be used from this machine."
              + " Takes 30 s at the most.")
  private boolean wanted;

  private Duration limit = LIMIT;

  /** Who has nobody to wait for gives up sooner. */
  void limit(Duration shorter) {
    limit = shorter;
  }

  /**
   * Tries all applications and the store of tokens, if that is wanted, and prints what came of it.
   *
   * @param vertx as of a server
   * @param settings where the store is
   * @return whether nothing was found wrong
   */
  boolean run(Vertx vertx, ServerSettings settings, PreparedApplications prepared, PrintWriter out)
      throws InterruptedException {
    if (!wanted) {
      return true;
    }
    out.flush();
    Future<StoreCheck> stored = StoreCheck.of(vertx, settings, limit);
    Future<List<Ended>> tried =
        prepared.applications().isEmpty()
            ? Future.succeededFuture(List.of())
            : CredentialTrial.all(vertx, new VertxTime(vertx), prepared, limit);
    try {
      StoreCheck store = Main.await(stored);
      out.print(store.render());
      out.flush();
      List<Ended> ended = Main.await(tried);
      out.print(ended.isEmpty() ? "" : ConnectReport.render(ended));
      out.flush();
      return ConnectReport.isGood(ended) && store.isGood();
    } catch (ExecutionException e) {
      throw new IllegalStateException("trials do not fail", e.getCause());
    }
  }
}
