// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import java.util.List;

/**
 * What all pages have around them.
 *
 * @param title of this one
 * @param edition after which a browser does not take an old style sheet for this one's
 * @param isIn whether there is a reader
 * @param user whose key he has shown; empty when he needs none
 * @param canLogOut whether he has logged in here
 * @param limited whether he sees a part only
 */
record Frame(
    String title,
    String edition,
    boolean isIn,
    String user,
    boolean canLogOut,
    boolean limited,
    List<Tab> tabs) {
  /**
   * One of the pages to choose from.
   *
   * @param current whether it is this one
   */
  record Tab(String href, String text, boolean current) {}

  /**
   * Of a page.
   *
   * @param path of it, as it was asked for
   * @param reader null when there is none
   */
  static Frame of(String title, String path, ConsoleReader reader) {
    return new Frame(
        title,
        ConsoleFiles.edition(),
        reader != null,
        reader == null ? "" : reader.name(),
        reader != null && reader.hasSession(),
        reader != null && !reader.seesAll(),
        reader == null
            ? List.of()
            : List.of(
                tab(Console.PATH, "Search", path),
                tab(Console.LIVE, "Live", path),
                tab(Console.APPLICATIONS, "Applications", path),
                tab(Console.REFUSALS, "Refused requests", path)));
  }

  private static Tab tab(String href, String text, String path) {
    return new Tab(href, text, href.equals(path));
  }
}
