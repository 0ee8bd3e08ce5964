// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.pushserver.events.Application;
import org.pushserver.events.Attempt;
import org.pushserver.events.PushListener;
import org.pushserver.events.ReportEnd;
import org.pushserver.observe.MetricsText.Owner;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.spi.Time;

/**
 * What is counted of one application's pushes, in plain numbers: as meters of the library they took
 * a fifth of what an idle application takes. What is counted of an event is made when the first
 * comes, and found without hashing or locking from then on. Any thread.
 */
final class ApplicationMeters implements PushListener {
  /** The label of events that the application's type does not declare. */
  private static final String OTHER = "other";

  /** Labels of what was meant for an application that had just been removed. */
  private static final String REMOVED = "removed";

  /** What one attempt came to. */
  enum Result {
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
  private final Time time;
  private final Tags tags;
  private final Owner owner;

  private final CountsBy<Result> attempts = new CountsBy<>(Result.class);
  private final AtomicLong late = new AtomicLong();
  private final AtomicLong repeated = new AtomicLong();
  private final Durations served;
  private volatile Known[] known = {};

  /** By what is shown of them, the others included. */
  private volatile List<EventMeters> events = List.of();

  /** What phones say is rare, and off by default: null until there is some. */
  private volatile Durations wake;

  private volatile Durations display;

  /** Not the type itself: it may come from a plugin, which is to be forgotten. */
  private volatile List<Event> declared;

  private final String others;
  private final Runnable left;

  /** How many verticles of the application there are; a new one may begin before the old ends. */
  private int users;

  /**
   * @param registry of what few applications have
   * @param left to be run when one of its users ends
   */
  ApplicationMeters(MeterRegistry registry, Application application, Time time, Runnable left) {
    this(registry, application.key(), application.type().events(), OTHER, time, left);
  }

  private ApplicationMeters(
      MeterRegistry registry,
      AppKey key,
      Collection<Event> declared,
      String others,
      Time time,
      Runnable left) {
    this.registry = registry;
    this.time = time;
    this.left = left;
    this.declared = List.copyOf(declared);
    this.others = others;
    this.tags = Tags.of("application", key.appId(), "platform", key.platform());
    this.owner = new Owner(key);
    this.served = new Durations(time);
  }

  /** What is counted of all applications that had just been removed. */
  static ApplicationMeters ofRemoved(MeterRegistry registry, Time time) {
    return new ApplicationMeters(
        registry, new AppKey(REMOVED, REMOVED), List.of(), REMOVED, time, () -> {});
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
      wake = new Durations(time);
    }
    wake.record(MILLISECONDS.toNanos(ms));
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
      display = new Durations(time);
    }
    display.record(MILLISECONDS.toNanos(ms));
    return this;
  }

  /** The application as it is shown. */
  Owner owner() {
    return owner;
  }

  /** Those of which there was a push. */
  List<EventMeters> events() {
    return events;
  }

  long attempts(Result result) {
    return attempts.of(result);
  }

  long deliveredLate() {
    return late.get();
  }

  long numberRepeated() {
    return repeated.get();
  }

  Durations timesServed() {
    return served;
  }

  /** Null when nobody said that a phone woke up. */
  Durations timesToWake() {
    return wake;
  }

  /** Null when nobody said that a phone showed a push. */
  Durations timesToDisplay() {
    return display;
  }

  /** Takes what is counted of it in the registry out of that. */
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
    EventMeters meters = named(isDeclared ? event.name() : others);
    if (isDeclared) {
      Known[] more = Arrays.copyOf(known, known.length + 1);
      more[known.length] = new Known(event, meters);
      known = more;
    }
    return meters;
  }

  private EventMeters named(String event) {
    for (EventMeters one : events) {
      if (one.event().equals(event)) {
        return one;
      }
    }
    EventMeters fresh = new EventMeters(event, time);
    events = Stream.concat(events.stream(), Stream.of(fresh)).toList();
    return fresh;
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
    attempts.increment(Result.of(attempt));
    if (attempt.wasSent()) {
      served.record(attempt.tookNanos());
    }
  }

  /** What its owner was told, or not. */
  @CanIgnoreReturnValue
  ApplicationMeters reported(ReportEnd report) {
    // The registry gives the same meter for the same labels; few applications have an owner to
    // tell.
    Counter.builder("pushserver.reports")
        .description("Reports to the owner of an application: tries, and reports given up")
        .tags(tags.and("to", word(report.kind()), "result", word(report.result())))
        .register(registry)
        .increment();
    return this;
  }

  private static String word(Enum<?> name) {
    return name.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public void late(Push push, Attempt attempt) {
    count(attempt);
    if (attempt.answer() instanceof Answer.Delivered) {
      late.getAndIncrement();
    }
  }

  @Override
  public void repeated(Push push, Attempt attempt) {
    count(attempt);
    if (attempt.answer() instanceof Answer.Delivered) {
      repeated.getAndIncrement();
    }
  }

  @Override
  public void ended(Push push, Outcome outcome, long now) {
    meters(push).ended(outcome, now - push.bornAt());
  }
}
