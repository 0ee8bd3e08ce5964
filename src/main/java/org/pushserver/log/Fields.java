// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

/** Takes what a structured line tells, in its order. */
public interface Fields {
  /**
   * Adds a text.
   *
   * @param value may be anything that a stranger sent; null and empty are left out
   */
  void add(Key key, String value);

  /** Adds a number. */
  void add(Key key, long value);
}
