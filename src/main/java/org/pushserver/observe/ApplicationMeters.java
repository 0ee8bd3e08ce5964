// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.NANOSECONDS;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.pushserver.events.Application;
import org.pushserver.events.Attempt;
import org.pushserver.events.PushListener;
import org.pushserver.events.ReportEnd;
import org.pushserver.push.Answer;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;

/**
 * What is counted of one application's pushes. Meters are made when an event comes for the first
 * time, and found without hashing or locking from then on. Any thread.
 */
final class ApplicationMeters implements PushListener {
  /** The label of events that the application's type does not declare. */
  private static final String OTHER = "other";

  /** What one attempt came to. */
  private enum Result {
    DELIVERED,
    REFUSED,
    DEAD_TOKEN,
    LATER,
    UNANSWERED,
    NOT_SENT;

    static Result of(Attempt attempt) {
      Answer answer = attempt.answer();
      if (answer == null) {
        return attempt.wasSent() ? UNANSWERED : NOT_SENT;
      } else if (answer instanceof Answer.Delivered) {
        return DELIVERED;
      } else if (answer instanceof Answer.Later) {
        return LATER;
      } else {
        return answer instanceof Answer.DeadToken ? DEAD_TOKEN : REFUSED;
      }
    }
  }

  /** Few: a type has a handful of events. */
  private record Known(Event event, EventMeters meters) {}

  private final MeterRegistry registry;
  private final Tags tags;

  private final Map<Result, Counter> attempts = new EnumMap<>(Result.class);
  private final Timer served;
  private final Counter deliveredLate;
  private final Counter repeated;
  private volatile Known[] known = {};

  /** What phones say is rare, and off by default: shown when there is some. */
  private volatile Timer wake;

  private volatile Timer display;

  /** Not the type itself: it may come from a plugin, which is to be forgotten. */
  private volatile List<Event> declared;

  private final Runnable left;

  /** How many verticles of the application there are; a new one may begin before the old ends. */
  private int users;

  /**
   * @param left to be run when one of its users ends
   */
  ApplicationMeters(MeterRegistry registry, Application application, Runnable left) {
    this.registry = registry;
    this.left = left;
    this.declared = List.copyOf(application.type().events());
    this.tags =
        Tags.of("application", application.key().appId(), "platform", application.key().platform());
    for (Result result : Result.values()) {
      attempts.put(result, attempts(result));
    }
    served =
        Buckets.timer(
            registry, "pushserver.attempt", "From request to answer of one attempt", tags);
    deliveredLate =
        Counter.builder("pushserver.pushes.delivered.late")
            .description("Pushes that the push service took after they had ended otherwise")
            .tags(tags)
            .register(registry);
    repeated =
        Counter.builder("pushserver.pushes.repeated")
            .description("Rings that the push service took once more: their phone had said nothing")
            .tags(tags)
            .register(registry);
  }

  private Counter attempts(Result result) {
    return Counter.builder("pushserver.attempts")
        .description("Attempts to send a push; those not sent cost it none")
        .tags(tags.and("result", result.name().toLowerCase(Locale.ROOT)))
        .register(registry);
  }

  /** Goes on with a changed configuration of the same application. */
  @Override
  @CanIgnoreReturnValue
  public ApplicationMeters of(Application changed) {
    declared = List.copyOf(changed.type().events());
    return this;
  }

  @Override
  public void left() {
    left.run();
  }

  /** One more, or one fewer, counts here; one caller at a time. */
  @CanIgnoreReturnValue
  ApplicationMeters users(int difference) {
    users += difference;
    return this;
  }

  boolean hasUsers() {
    return users > 0;
  }

  /**
   * A phone woke up.
   *
   * @param ms since the push was accepted
   */
  @CanIgnoreReturnValue
  ApplicationMeters woken(long ms) {
    if (wake == null) {
      wake =
          Buckets.timer(
              registry, "pushserver.wake", "From acceptance to when the phone woke up", tags);
    }
    wake.record(ms, MILLISECONDS);
    return this;
  }

  /**
   * A phone showed a push.
   *
   * @param ms since the push was accepted
   */
  @CanIgnoreReturnValue
  ApplicationMeters displayed(long ms) {
    if (display == null) {
      display =
          Buckets.timer(
              registry, "pushserver.display", "From acceptance to when the phone showed it", tags);
    }
    display.record(ms, MILLISECONDS);
    return this;
  }

  /** Takes all that is counted out of the registry. */
  void remove() {
    registry.getMeters().stream()
        .filter(meter -> meter.getId().getTags().containsAll(tags.stream().toList()))
        .forEach(registry::remove);
  }

  private EventMeters meters(Push push) {
    Event event = push.event();
    for (Known one : known) {
      if (one.event().equals(event)) {
        return one.meters();
      }
    }
    return add(event);
  }

  private synchronized EventMeters add(Event event) {
    boolean isDeclared = declared.contains(event);
    // The registry gives the same meters for the same labels.
    EventMeters meters = new EventMeters(registry, tags, isDeclared ? event.name() : OTHER);
    if (isDeclared) {
      Known[] more = Arrays.copyOf(known, known.length + 1);
      more[known.length] = new Known(event, meters);
      known = more;
    }
    return meters;
  }

  @Override
  public void accepted(Push push, boolean isAwaited) {
    meters(push).accepted();
  }

  @Override
  public void joined(Push push, Push same) {
    meters(push).joined();
  }

  @Override
  public void attempted(Push push, Attempt attempt) {
    count(attempt);
    if (attempt.wasSent() && attempt.number() == 1) {
      meters(push).queued(attempt.startedAt() - push.bornAt());
    }
  }

  private void count(Attempt attempt) {
    attempts.get(Result.of(attempt)).increment();
    if (attempt.wasSent()) {
      served.record(attempt.tookNanos(), NANOSECONDS);
    }
  }

  /** What its owner was told, or not. */
  void reported(ReportEnd report) {
    // The registry gives the same meter for the same labels; few applications have an owner to
    // tell.
    Counter.builder("pushserver.reports")
        .description("Reports to the owner of an application: tries, and reports given up")
        .tags(tags.and("to", word(report.kind()), "result", word(report.result())))
        .register(registry)
        .increment();
  }

  private static String word(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void late(Push push, Attempt attempt) {
    count(attempt);
    if (attempt.answer() instanceof Answer.Delivered) {
      deliveredLate.increment();
    }
  }

  @Override
  public void repeated(Push push, Attempt attempt) {
    count(attempt);
    if (attempt.answer() instanceof Answer.Delivered) {
      repeated.increment();
    }
  }

  @Override
  public void ended(Push push, Outcome outcome, long now) {
    meters(push).ended(outcome, now - push.bornAt());
  }
}
