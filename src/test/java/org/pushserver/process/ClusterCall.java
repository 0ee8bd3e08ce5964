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

  /** What came of a request. */
  enum Said {
    /** The call has been accepted, or has rung. */
    ANSWERED,
    REFUSED,
    /** Its connection broke before an answer. */
    BROKEN
  }

  /** A request for it, and what became of that. Any thread. */
  static final class Request {
    private final String door;
    private final Instant made;
    private final int caller;
    private Instant ended = Instant.MAX;
    private Said said;

    private Request(int caller, String door, Instant made) {
      this.caller = caller;
      this.door = door;
      this.made = made;
    }

    synchronized void ended(Instant at, Said what) {
      ended = at;
      said = what;
    }

    /** The node that was asked, such as {@code n1}. */
    String door() {
      return door;
    }

    Instant made() {
      return made;
    }

    /** Who made it: of him who asks again it is the same. */
    int caller() {
      return caller;
    }

    synchronized boolean isAnsweredBefore(Instant at) {
      return said == Said.ANSWERED && ended.isBefore(at);
    }

    synchronized boolean isBrokenBefore(Instant at) {
      return said == Said.BROKEN && !ended.isAfter(at);
    }

    boolean isBetween(Instant from, Instant to) {
      return !made.isBefore(from) && !made.isAfter(to);
    }
  }

  final String token;
  final int number;
  private final Duration answer;
  private final Instant asked;
  private final List<Request> requests = new ArrayList<>();
  private final List<Ring> rings = new ArrayList<>();

  /** What was told and what came, in words. */
  private final List<String> story = new ArrayList<>();

  private int status;
  private boolean isAskedAgain;
  private boolean isCancelled;

  /** When its cancel had ended, as its caller was told, or reached the phone. */
  private Instant over = Instant.MAX;

  /**
   * @param asked when it began
   * @param answer how long its push service takes to answer
   */
  ClusterCall(String token, int number, Instant asked, Duration answer) {
    this.token = token;
    this.number = number;
    this.asked = asked;
    this.answer = answer;
  }

  /** Is asked for, by one of its callers, at a door, at this moment. */
  synchronized Request ask(int caller, String door, Instant at) {
    Request request = new Request(caller, door, at);
    requests.add(request);
    return request;
  }

  synchronized List<Request> requests() {
    return List.copyOf(requests);
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

  /** When the push service has answered one of its rings. */
  Instant answered(Ring ring) {
    return ring.at().plus(answer);
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
