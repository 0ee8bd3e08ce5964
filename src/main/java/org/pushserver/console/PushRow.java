// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import java.util.LinkedHashMap;
import java.util.Map;
import org.pushserver.trail.TrailEntry;

/**
 * A push, or a request that never became one, as a row of a table. Immutable.
 *
 * @param at when it came
 * @param outcome in words
 * @param style of the outcome
 * @param application app-id and platform; empty when it is not known
 * @param href where all of it is shown
 * @param callHref where its call is shown; empty without a call-id
 * @param took from request to end; empty when it has not ended
 * @param node the server of a cluster that has it; empty when there is one server
 */
record PushRow(
    String id,
    Moment at,
    String outcome,
    String style,
    Excerpt application,
    Excerpt event,
    Excerpt account,
    Excerpt from,
    Excerpt device,
    Excerpt callId,
    Excerpt reason,
    String code,
    String href,
    String callHref,
    String took,
    String node) {
  static PushRow of(TrailEntry entry) {
    return new PushRow(
        entry.id().toString(),
        Moment.of(entry.at()),
        Outcomes.words(entry.end()),
        Outcomes.style(entry.end()),
        Excerpt.of(entry.app() == null ? "" : entry.app().toString()),
        Excerpt.of(entry.event()),
        Excerpt.of(entry.account()),
        Excerpt.of(entry.from()),
        Excerpt.of(entry.device()),
        Excerpt.of(entry.callId()),
        Excerpt.of(entry.reason()),
        entry.code() == 0 ? "" : Integer.toString(entry.code()),
        href(entry),
        entry.callId().isEmpty() ? "" : callHref(entry.callId()),
        entry.endedAt() == 0 || entry.isDoorRefusal()
            ? ""
            : Moment.span(entry.endedAt() - entry.at()),
        Excerpt.of(entry.node()).text());
  }

  /** Where a call is shown. */
  static String callHref(String callId) {
    return SearchForm.address(Console.CALL, Map.of(SearchForm.CALL_ID, callId));
  }

  /** Where a push is shown: by its time, too, which is how it is found again. */
  static String href(TrailEntry entry) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("id", entry.id().toString());
    fields.put("at", Long.toString(entry.at()));
    fields.put(SearchForm.CALL_ID, entry.callId());
    return SearchForm.address(Console.PUSH, fields);
  }
}
