// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import io.vertx.core.Future;
import java.util.function.Supplier;
import org.pushserver.endpoint.Shown;

/**
 * A page that is made anew for whoever asks, as long as readers are quick. While two editions are
 * still being read, or one is being made, who asks gets the newer one: so no number of readers
 * fills the memory. Any thread.
 */
final class Editions {
  private static final int MOST = 2;

  private final Supplier<Future<? extends Shown>> press;
  private Edition newest;
  private int kept;

  /** One of them; every reader gives it back. */
  static final class Edition {
    private final Future<? extends Shown> page;
    private int readers;

    private Edition(Future<? extends Shown> page) {
      this.page = page;
    }

    /** It, when it has been made. */
    Future<? extends Shown> page() {
      return page;
    }
  }

  /**
   * @param press makes an edition
   */
  Editions(Supplier<Future<? extends Shown>> press) {
    this.press = press;
  }

  /** One for a reader, to be given back. */
  synchronized Edition take() {
    if (newest == null || (kept < MOST && newest.page.isComplete())) {
      newest = new Edition(press.get());
      kept++;
    }
    newest.readers++;
    return newest;
  }

  /** A reader is done with it. */
  synchronized void giveBack(Edition edition) {
    edition.readers--;
    if (edition.readers == 0) {
      kept--;
      if (newest == edition) {
        newest = null;
      }
    }
  }
}
