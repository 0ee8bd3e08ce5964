// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.pushserver.push.Outcome;

/** What was counted of the applications, as it is shown. One thread. */
final class ApplicationCounts {
  private static final byte[] NO_LABEL = {};

  private static final Map<Outcome.Result, byte[]> OUTCOMES =
      labels("outcome", Outcome.Result.class);
  private static final Map<ApplicationMeters.Result, byte[]> RESULTS =
      labels("result", ApplicationMeters.Result.class);

  private final List<ApplicationMeters> applications;
  private final MetricsText text;

  private ApplicationCounts(List<ApplicationMeters> applications, MetricsText text) {
    this.applications = applications;
    this.text = text;
  }

  private static <E extends Enum<E>> Map<E, byte[]> labels(String key, Class<E> values) {
    return MetricsText.labels(key, values, value -> value.name().toLowerCase(Locale.ROOT));
  }

  /** Writes all of it. */
  static void show(List<ApplicationMeters> applications, MetricsText text) throws IOException {
    ApplicationCounts counts = new ApplicationCounts(applications, text);
    counts.events();
    counts.attempts();
    counts.times(
        "pushserver_attempt_seconds",
        "From request to answer of one attempt",
        ApplicationMeters::timesServed);
    counts.times(
        "pushserver_wake_seconds",
        "From acceptance to when the phone woke up",
        ApplicationMeters::timesToWake);
    counts.times(
        "pushserver_display_seconds",
        "From acceptance to when the phone showed it",
        ApplicationMeters::timesToDisplay);
  }

  private void events() throws IOException {
    ofEvents(
        "pushserver_pushes_accepted_total",
        "Pushes that were not turned away at once",
        EventMeters::numberAccepted);
    ofEvents(
        "pushserver_pushes_joined_total",
        "Accepted pushes that share the end of an equal one",
        EventMeters::numberJoined);
    text.metric(
        "pushserver_pushes_ended_total",
        "counter",
        "Ends of pushes; those that were overloaded were never accepted");
    for (ApplicationMeters application : applications) {
      for (EventMeters event : application.events()) {
        for (Outcome.Result result : Outcome.Result.values()) {
          text.of(application.owner())
              .with(event.label())
              .with(OUTCOMES.get(result))
              .with(application.owner().platform())
              .is(event.numberEnded(result));
        }
      }
    }
    timesOfEvents(
        "pushserver_push_queue_seconds",
        "From acceptance to the first attempt",
        EventMeters::timesQueued);
    timesOfEvents(
        "pushserver_push_duration_seconds", "From acceptance to the end", EventMeters::timesLasted);
  }

  private void ofEvents(String name, String help, ToLongFunction<EventMeters> count)
      throws IOException {
    text.metric(name, "counter", help);
    for (ApplicationMeters application : applications) {
      for (EventMeters event : application.events()) {
        text.of(application.owner())
            .with(event.label())
            .with(application.owner().platform())
            .is(count.applyAsLong(event));
      }
    }
  }

  private void attempts() throws IOException {
    text.metric(
        "pushserver_attempts_total",
        "counter",
        "Attempts to send a push; those not sent cost it none");
    for (ApplicationMeters application : applications) {
      for (ApplicationMeters.Result result : ApplicationMeters.Result.values()) {
        text.of(application.owner())
            .with(application.owner().platform())
            .with(RESULTS.get(result))
            .is(application.attempts(result));
      }
    }
    ofApplications(
        "pushserver_pushes_delivered_late_total",
        "Pushes that the push service took after they had ended otherwise",
        ApplicationMeters::deliveredLate);
    ofApplications(
        "pushserver_pushes_repeated_total",
        "Rings that the push service took once more: their phone had said nothing",
        ApplicationMeters::numberRepeated);
  }

  private void ofApplications(String name, String help, ToLongFunction<ApplicationMeters> count)
      throws IOException {
    text.metric(name, "counter", help);
    for (ApplicationMeters application : applications) {
      text.of(application.owner())
          .with(application.owner().platform())
          .is(count.applyAsLong(application));
    }
  }

  private void timesOfEvents(String name, String help, Function<EventMeters, Durations> times)
      throws IOException {
    text.metric(name, "histogram", help);
    for (ApplicationMeters application : applications) {
      for (EventMeters event : application.events()) {
        text.times(application.owner(), event.label(), times.apply(event));
      }
    }
    text.metric(name + "_max", "gauge", help);
    for (ApplicationMeters application : applications) {
      for (EventMeters event : application.events()) {
        text.of(application.owner())
            .with(event.label())
            .with(application.owner().platform())
            .is(times.apply(event).largest());
      }
    }
  }

  /** Nothing is said of a metric that no application has. */
  private void times(String name, String help, Function<ApplicationMeters, Durations> times)
      throws IOException {
    List<ApplicationMeters> those =
        applications.stream().filter(one -> times.apply(one) != null).toList();
    if (those.isEmpty()) {
      return;
    }
    text.metric(name, "histogram", help);
    for (ApplicationMeters application : those) {
      text.times(application.owner(), NO_LABEL, times.apply(application));
    }
    text.metric(name + "_max", "gauge", help);
    for (ApplicationMeters application : those) {
      text.of(application.owner())
          .with(application.owner().platform())
          .is(times.apply(application).largest());
    }
  }
}
