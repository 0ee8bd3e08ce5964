// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

/** Who is told of what comes into the trail. On threads of others; hands on and does not wait. */
@FunctionalInterface
public interface TrailFollower {
  /** An entry was put down. */
  void take(TrailEntry entry);

  /** So many entries were put down that are not told: they came too fast. */
  default void missed(long count) {}

  /** What the reader should know, in a sentence: entries of a server are missing. */
  default void note(String sentence) {}
}
