// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cause;

import java.util.Set;
import org.pushserver.trail.TrailStep;
import org.pushserver.trail.TrailStep.What;

/** What may be so besides end and reason. In the table each has its name in lower case. */
enum Circumstance {
  /** At least half of the application's last pushes ended for the same reason. */
  MOST_ALIKE,
  /** None of the application's last pushes did. */
  ALONE,
  /** It is to make a phone ring. */
  RING,
  /** It is to make a phone stop ringing. */
  CANCEL,
  /** The push service was not asked, as far as is known. */
  UNASKED,
  /** The push service was asked, and never answered. */
  UNANSWERED,
  /** There was more than one attempt. */
  RETRIED,
  /** It answered with trouble of its own, each time. */
  ALL_5XX,
  /** It said that there are too many, each time. */
  ALL_429,
  /** It has an answer behind it, and is to be tried again. */
  ANSWERED,
  /** So long was it on its way that somebody noticed. */
  SLOW,
  /** It was so long before it was sent for the first time. */
  WAITED,
  /** The same of the last attempt alone. */
  SLOW_ANSWER,
  /** The PBX asked again for the same. */
  JOINED,
  /** The phone woke up. */
  WOKEN,
  /** It did so long after the request. */
  WOKEN_LATE,
  /** The phone showed it. */
  DISPLAYED,
  /** Nothing was heard of the phone, so it was pushed once more. */
  REPEATED,
  /** The push service took it after its end. */
  TAKEN_LATE,
  /** Its topic is that of calls. */
  VOIP;

  private static final Set<Integer> TAKEN = Set.of(200, 201, 202);

  boolean holds(Facts facts) {
    return switch (this) {
      case MOST_ALIKE -> facts.looked() >= Facts.ENOUGH && facts.alike() * 2 >= facts.looked();
      case ALONE -> facts.looked() >= Facts.ENOUGH && facts.alike() == 0;
      case RING -> facts.isEvent("incoming_session", "incoming_conference_request");
      case CANCEL -> facts.isEvent("cancel");
      case UNASKED -> facts.entry().attempts() == 0 && facts.answers().isEmpty();
      case UNANSWERED -> facts.entry().attempts() > 0 && facts.answers().isEmpty();
      case RETRIED -> facts.entry().attempts() > 1;
      case ALL_5XX -> facts.allAnswers(status -> status >= 500);
      case ALL_429 -> facts.allAnswers(status -> status == 429);
      case ANSWERED -> !facts.answers().isEmpty();
      case SLOW -> facts.tookMs() >= Facts.NOTICED_MS;
      case WAITED -> facts.waitedMs() >= Facts.NOTICED_MS;
      case SLOW_ANSWER -> facts.lastAttemptMs() >= Facts.NOTICED_MS;
      case JOINED -> facts.has(What.JOINED);
      case WOKEN -> facts.has(What.WOKEN);
      case WOKEN_LATE -> facts.wokenMs() >= Facts.LATE_WAKE_MS;
      case DISPLAYED -> facts.has(What.DISPLAYED);
      case REPEATED -> facts.has(What.REPEATED);
      case TAKEN_LATE -> facts.steps(What.LATE).anyMatch(Circumstance::isTaken);
      case VOIP -> facts.topic().endsWith(".voip");
    };
  }

  private static boolean isTaken(TrailStep step) {
    return TAKEN.contains(step.status());
  }
}
