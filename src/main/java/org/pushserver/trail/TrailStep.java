// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.util.Objects;

/**
 * One thing that happened to a push. Immutable. Text is never null: empty when there is none.
 *
 * @param what happened
 * @param at when, milliseconds since the epoch; of an attempt, when it began
 * @param number of an attempt, from 1; 0 otherwise
 * @param status HTTP status: of an attempt what the push service answered, of {@link What#TOLD}
 *     what was told; 0 when there was none
 * @param text the push service's reason, why it waits, who was told, what failed
 * @param tookMs of an attempt, how long it took; of a wait, how long it was to be; of an
 *     acknowledgement, since the push was accepted; milliseconds, -1 when that is not known
 * @param topic of an attempt at Apple: the apns-topic
 * @param connection of an attempt: the number of the connection, from 1, within the application and
 *     since the server started; 0 when it is not known
 */
public record TrailStep(
    What what,
    long at,
    int number,
    int status,
    String text,
    long tookMs,
    String topic,
    int connection) {
  /** The order never changes: files hold the ordinal; new ones come last. */
  public enum What {
    /** The push was accepted, or the request refused. */
    ACCEPTED,
    /** An equal request came, and shares the end. */
    JOINED,
    /** The push service was asked, or could not be. */
    ATTEMPT,
    /** It waits: for a connection, for the push service, for its ring. */
    WAIT,
    /** An attempt ended after the push had. */
    LATE,
    /** It ended. */
    ENDED,
    /** Somebody was told: the caller, a collector, a webhook. */
    TOLD,
    /** The phone woke up. */
    WOKEN,
    /** The phone showed it. */
    DISPLAYED,
    /** Nothing was heard of the phone, so it was pushed once more. */
    REPEATED,
    /** It is on disk, so that it outlives the server. */
    KEPT,
    /** It could not be kept on disk. */
    UNKEPT,
    /** Another server that has ended had left it, or this one before it was started anew. */
    TAKEN_UP
  }

  public TrailStep {
    Objects.requireNonNull(what, "what");
    Objects.requireNonNull(text, "text");
    Objects.requireNonNull(topic, "topic");
  }

  /** One that is neither an attempt nor an answer. */
  public static TrailStep of(What what, long at, String text) {
    return new TrailStep(what, at, 0, 0, text, -1, "", 0);
  }
}
