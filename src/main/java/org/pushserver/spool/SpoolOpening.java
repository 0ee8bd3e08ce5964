// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Opens a spool on a thread of its own: nothing else can leave alone a disk that does not answer,
 * as one does that is lost on a network.
 */
final class SpoolOpening {
  private SpoolOpening() {}

  /**
   * Opens it, and closes it again if that comes too late. Blocks.
   *
   * @throws SpoolException when it cannot be opened, or the disk does not answer in time
   */
  static SpoolStore within(Duration patience, Path folder, Callable<SpoolStore> open)
      throws SpoolException {
    CompletableFuture<SpoolStore> opened = new CompletableFuture<>();
    Thread thread = new Thread(() -> run(open, opened), "spool-open");
    thread.setDaemon(true);
    thread.start();
    try {
      return opened.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof SpoolException why
          ? why
          : new SpoolException(SpoolFault.of(e.getCause(), folder), e.getCause());
    } catch (TimeoutException e) {
      giveUp(opened);
      throw new SpoolException(SpoolFault.unopened(folder, patience.toSeconds()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      giveUp(opened);
      throw new SpoolException("it was interrupted", e);
    }
  }

  private static void giveUp(CompletableFuture<SpoolStore> opened) {
    var unused = opened.thenCompose(store -> store.close().toCompletionStage());
  }

  private static void run(Callable<SpoolStore> open, CompletableFuture<SpoolStore> opened) {
    try {
      boolean unused = opened.complete(open.call());
    } catch (Throwable e) {
      boolean unused = opened.completeExceptionally(e);
    }
  }
}
