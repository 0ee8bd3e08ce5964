// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import org.pushserver.cli.Version;
import org.pushserver.endpoint.Page;

/**
 * The style sheet and the script of the pages, which are no secret, and what else the jar has for
 * them. Read when a browser first asks. Event loops.
 */
final class ConsoleFiles {
  private final Vertx vertx;

  ConsoleFiles(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Opens a file of the jar; blocks. */
  static InputStream open(String name) {
    InputStream in = ConsoleFiles.class.getResourceAsStream(name);
    if (in == null) {
      throw new IllegalStateException(name + " is missing from the jar");
    }
    return in;
  }

  /** What changes with each version, so that no browser shows one with another's style. */
  static String edition() {
    return Version.current();
  }

  /**
   * Answers with a file.
   *
   * @param type its media type
   */
  void answer(RoutingContext context, String name, String type) {
    vertx
        .executeBlocking(() -> read(name), false)
        .map(body -> new Page(200, HttpHeaders.createOptimized(type), body))
        .onSuccess(
            page -> {
              Hardening.apply(context.response());
              // Asked for again with each page: a server may have been put back to an older one.
              context.response().putHeader(HttpHeaders.CACHE_CONTROL, "private, max-age=60");
              page.answer(context);
            })
        .onFailure(context::fail);
  }

  private static Buffer read(String name) {
    try (InputStream in = open(name)) {
      return Buffer.buffer(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
