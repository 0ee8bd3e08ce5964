// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** One call of a {@link ClusterLoad}, to one phone, and what came of it. Any thread. */
final class ClusterCall {
  /** What comes later is worth nothing. */
  static final Duration LIFE = Duration.ofSeconds(64);

  private static final int SUCCESS = 2;

  /**
   * A ring of its phone.
   *
   * @param at when it came to the stand-in for Apple
   * @param connection by which it came; each is of one server
   */
  record Ring(Instant at, String connection) {}

  final String token;
  final int number;
  private final Duration answer;
  private final Instant asked = Instant.now();
  private final List<Ring> rings = new ArrayList<>();

  /** What was told and what came, in words. */
  private final List<String> story = new ArrayList<>();

  private int status;
  private boolean isAskedAgain;
  private boolean isCancelled;

  /** When its cancel had ended, as its caller was told, or reached the phone. */
  private Instant over = Instant.MAX;

  /**
   * @param answer how long its push service takes to answer
   */
  ClusterCall(String token, int number, Duration answer) {
    this.token = token;
    this.number = number;
    this.answer = answer;
  }

  synchronized void isOver(Instant at) {
    over = at.isBefore(over) ? at : over;
  }

  synchronized void rang(Ring ring) {
    rings.add(ring);
    rings.sort(Comparator.comparing(Ring::at));
  }

  synchronized void tell(String what) {
    story.add(Instant.now() + " " + what);
  }

  /** What its caller was told last. */
  synchronized void answered(int said) {
    status = said;
  }

  /** Asks for it again, unless its caller has given up. */
  synchronized boolean askAgain() {
    isAskedAgain |= !isCancelled;
    return !isCancelled;
  }

  /** Gives it up, unless it is asked for again: that may come after its cancel. */
  synchronized boolean giveUp() {
    isCancelled = !isAskedAgain;
    return isCancelled;
  }

  synchronized boolean isCancelled() {
    return isCancelled;
  }

  synchronized boolean isAskedAgain() {
    return isAskedAgain;
  }

  synchronized List<Ring> rings() {
    return List.copyOf(rings);
  }

  synchronized Ring first() {
    return rings.get(0);
  }

  synchronized boolean isLost() {
    return rings.isEmpty() && !isCancelled;
  }

  boolean isRefused() {
    return isLost() && status() / 100 != SUCCESS;
  }

  private synchronized int status() {
    return status;
  }

  synchronized boolean isDoubled() {
    return rings.size() > 1;
  }

  synchronized boolean isLate() {
    return rings.stream()
        .anyMatch(ring -> ring.at().isAfter(over) || ring.at().isAfter(asked.plus(LIFE)));
  }

  /** Whether its first ring came before one moment, and its answer was not out before another. */
  synchronized boolean isOnItsWay(Instant from, Instant to) {
    Instant first = first().at();
    return !first.plus(answer).isBefore(from) && !first.isAfter(to);
  }

  synchronized long slowestMs() {
    return rings.stream()
        .mapToLong(ring -> Duration.between(asked, ring.at()).toMillis())
        .max()
        .orElse(0);
  }

  synchronized String story() {
    return token + ", asked " + asked + ", over " + over + ": " + String.join("; ", story);
  }
}
