// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

/** How many things may be remembered that are small, and many on a server with much to do. */
final class MemoryShare {
  /** A server with little memory has little to do. */
  static final int FEWEST = 20_000;

  private MemoryShare() {}

  /**
   * How many take no more than a part of the heap.
   *
   * @param part of the heap: one of so many
   * @param bytes about what each takes
   * @return not less than {@link #FEWEST}
   */
  static int entries(int part, int bytes) {
    return entries(Runtime.getRuntime().maxMemory(), part, bytes);
  }

  static int entries(long heap, int part, int bytes) {
    return (int) Math.max(FEWEST, Math.min(Integer.MAX_VALUE, heap / part / bytes));
  }
}
