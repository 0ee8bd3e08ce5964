// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import java.util.Locale;

/** The names of what a structured line tells: one spelling each for text, JSON and journal. */
public enum Key {
  CALL_ID,
  APP_ID("app"),
  PLATFORM,
  EVENT,
  /** The device-id, or else the beginning of its token. */
  DEVICE,
  /** Under which devices register. */
  ACCOUNT,
  FROM,
  /** Of a request that was refused. */
  METHOD,
  PATH,
  /** The number of an attempt, from 1. */
  ATTEMPT,
  ATTEMPTS,
  /** How a push ended. */
  OUTCOME("result"),
  /** An HTTP status. */
  STATUS,
  REASON,
  /** Why there was no answer. */
  FAILURE,
  /** How long it took, in milliseconds. */
  DURATION_MS("ms"),
  /** The length of a body. */
  BYTES,
  URL,
  ANSWER,
  SENT_HEADERS,
  SENT_BODY,
  RECEIVED_HEADERS,
  RECEIVED_BODY;

  private final String text;
  private final String json = name().toLowerCase(Locale.ROOT);

  Key() {
    this.text = name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  Key(String text) {
    this.text = text;
  }

  /** In a line of text. */
  String text() {
    return text;
  }

  /** In JSON. */
  String json() {
    return json;
  }

  /** In the journal. */
  String journal() {
    return name();
  }
}
