// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.console;

import java.util.List;
import org.pushserver.dispatch.RunningApplications;
import org.pushserver.push.AppKey;
import org.pushserver.trail.TrailScope;

/**
 * What a search form has in its fields.
 *
 * @param action the page that it asks for
 * @param q the box
 * @param applications those to choose from
 * @param isOpen whether more than the box is used
 */
record FormModel(
    String action,
    String q,
    String callId,
    String account,
    String device,
    String token,
    String application,
    String reason,
    String from,
    String to,
    List<Outcomes.Choice> outcomes,
    List<String> applications,
    boolean isOpen) {
  /** More would make the page slow. */
  private static final int MOST = 500;

  static FormModel of(
      SearchForm form, String action, RunningApplications running, TrailScope scope) {
    return new FormModel(
        action,
        form.value(SearchForm.BOX),
        form.value(SearchForm.CALL_ID),
        form.value(SearchForm.ACCOUNT),
        form.value(SearchForm.DEVICE),
        form.value(SearchForm.TOKEN),
        form.value(SearchForm.APPLICATION),
        form.value(SearchForm.REASON),
        form.value(SearchForm.FROM),
        form.value(SearchForm.TO),
        Outcomes.choices(form.value(SearchForm.OUTCOME)),
        running.statuses().stream()
            .map(status -> status.application().key())
            .filter(scope::sees)
            .map(AppKey::toString)
            .limit(MOST)
            .toList(),
        form.hasFilters());
  }
}
