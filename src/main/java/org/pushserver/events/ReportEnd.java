// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.events;

import java.util.UUID;
import org.pushserver.push.AppKey;

/**
 * What became of one report, or of one try to deliver it.
 *
 * @param kind what was reported
 * @param result what became of it
 * @param push what it was about; of a list of dead tokens the last one
 * @param app the application
 * @param callId of the push
 * @param url to whom, without what may be a secret
 * @param status what he answered; 0 when he did not
 * @param why why it failed, in an operator's words; empty when it did not
 * @param at when, milliseconds since the epoch
 */
public record ReportEnd(
    Kind kind,
    Result result,
    UUID push,
    AppKey app,
    String callId,
    String url,
    int status,
    String why,
    long at) {
  /** What an owner can be told. */
  public enum Kind {
    /** Each end, in the form of the old system. */
    COLLECTOR,
    /** Each end, with its cause and its timeline. */
    WEBHOOK,
    /** Lists of dead tokens. */
    DEAD_TOKENS
  }

  /** What became of it. */
  public enum Result {
    /** It was taken. */
    DELIVERED,
    /** This try failed; another one follows. */
    FAILED,
    /** It was given up. */
    DROPPED
  }
}
