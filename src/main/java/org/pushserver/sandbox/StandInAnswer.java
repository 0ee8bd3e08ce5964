// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import java.util.HashMap;
import java.util.Map;

/**
 * What a stand-in answers.
 *
 * @param status HTTP status
 * @param reason in one word, for the journal; empty when the request was accepted
 * @param headers of the answer
 * @param body of the answer; may be empty
 */
record StandInAnswer(int status, String reason, Map<String, String> headers, String body) {
  StandInAnswer {
    headers = Map.copyOf(headers);
  }

  boolean accepted() {
    return status == 200;
  }

  StandInAnswer with(String header, String value) {
    Map<String, String> more = new HashMap<>(headers);
    more.put(header, value);
    return new StandInAnswer(status, reason, more, body);
  }
}
