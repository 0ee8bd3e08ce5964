// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.endpoint;

import java.util.List;

/**
 * The paths of endpoints, by number: which one a request is for, as the router sees it, but before
 * the router has the request. Bounded by what is configured, whatever is asked for. Immutable.
 */
public final class PathTable {
  private final List<String> paths;
  private final String[][] segments;

  /**
   * @param paths of {@link HttpEndpoint}s, the most frequent first
   */
  public PathTable(List<String> paths) {
    this.paths = List.copyOf(paths);
    segments = paths.stream().map(PathTable::split).toArray(String[][]::new);
  }

  /** How many there are. */
  public int size() {
    return segments.length;
  }

  /** The path of this number, as its endpoint has it. */
  public String path(int number) {
    return paths.get(number);
  }

  /**
   * The number of the path that a request is for.
   *
   * @param asked as it was asked for, without a query; null when it could not be read
   * @return {@link #size} when it is none of them
   */
  public int number(String asked) {
    if (asked == null) {
      return size();
    }
    for (int i = 0; i < segments.length; i++) {
      if (paths.get(i).equals(asked)) {
        return i;
      }
    }
    return slowly(asked);
  }

  /** With a slash at its end, or with segments that may be any. */
  private int slowly(String asked) {
    if (asked.isEmpty() || asked.charAt(0) != '/') {
      return size();
    }
    String[] parts = split(asked);
    for (int i = 0; i < segments.length; i++) {
      if (fits(segments[i], parts)) {
        return i;
      }
    }
    return size();
  }

  private static String[] split(String path) {
    if (path.equals("/")) {
      return new String[0];
    }
    int end = path.endsWith("/") ? path.length() - 1 : path.length();
    return path.substring(1, end).split("/", -1);
  }

  private static boolean fits(String[] path, String[] asked) {
    if (path.length != asked.length) {
      return false;
    }
    for (int i = 0; i < path.length; i++) {
      boolean any = path[i].startsWith("{") && !asked[i].isEmpty();
      if (!any && !path[i].equals(asked[i])) {
        return false;
      }
    }
    return true;
  }
}
