// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;

/** One of the pages. Event loops. */
@FunctionalInterface
interface ConsolePage {
  /**
   * What it shows.
   *
   * @param reader who may see no more than his scope
   * @param query what the address has after its path
   */
  Future<View> view(ConsoleReader reader, MultiMap query);

  /**
   * What a template is filled in with.
   *
   * @param status of the answer
   * @param template its name
   * @param title of the page
   * @param model what its names mean; made on a worker thread, where it is also rendered
   */
  record View(int status, String template, String title, Model model) {}

  /** Makes what the names in a template mean. Worker threads. */
  @FunctionalInterface
  interface Model {
    Object make();
  }
}
