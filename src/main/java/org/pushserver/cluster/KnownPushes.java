// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.pushserver.events.PushListener;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.queue.OwnAnswers;
import org.pushserver.spi.Time;

/**
 * The pushes that came to this server from others, by their ids: one that comes again, because
 * nobody knew whether it had come, meets itself, and is not sent twice. Also for a while after its
 * end. Any thread.
 */
final class KnownPushes implements PushListener {
  /**
   * Those that have ended are remembered for so long: for longer than until the last time that who
   * got no answer asks again, also after a standstill.
   */
  private static final long HOLDS_MS = 30_000;

  private static final long STEP_MS = 1_000;

  /** About what one takes that has ended, in bytes; 465 were measured. */
  private static final int BYTES = 500;

  /** They take at most one of so many parts of the memory. */
  private static final int SHARE = 16;

  private static final int TAKEN_UP = 100_000;

  /** What this server has to do with one. */
  private enum Part {
    /** It came to this server. */
    OWN,
    /** Another server has it, which stops: it is not known yet whether there is room for it. */
    OFFERED,
    /** It was another's. */
    TAKEN_UP,
    /** Another server has it: there was no room for it here, or that one has taken it over. */
    ELSEWHERE
  }

  private record Known(Future<Optional<Outcome>> end, Part part) {
    Known as(Part other) {
      return new Known(end, other);
    }

    /** Whether nobody waits for its end. */
    boolean isAccepted() {
      return end.succeeded() && end.result().isEmpty();
    }
  }

  private final Map<UUID, Known> all = new ConcurrentHashMap<>();
  private final Time time;
  private final Ends ended;

  /** Remembered for longer: a server that stood still asks for them when it goes on. */
  private final Ends takenUpAndEnded = new Ends(TAKEN_UP, Long.MAX_VALUE);

  KnownPushes(Time time) {
    this(time, MemoryShare.entries(SHARE, BYTES));
  }

  /**
   * @param most so many that have ended are remembered; the oldest are forgotten earlier
   */
  KnownPushes(Time time, int most) {
    this.time = time;
    this.ended = new Ends(most, HOLDS_MS);
  }

  /** What comes of one; null when it has not come. */
  Future<Optional<Outcome>> get(UUID id) {
    Known known = all.get(id);
    return known == null ? null : known.end();
  }

  /** Whether this server went on with one that was another's. */
  boolean isTakenUp(UUID id) {
    Known known = all.get(id);
    return known != null && known.part() == Part.TAKEN_UP;
  }

  /**
   * What comes of a push, which is begun now unless it has come before.
   *
   * @param begin called at most once; what it returns is empty when the push was accepted and
   *     nobody waits for its end
   */
  Future<Optional<Outcome>> once(UUID id, Supplier<Future<Optional<Outcome>>> begin) {
    return once(id, Part.OWN, begin);
  }

  /** The same of one that another server had. */
  Future<Optional<Outcome>> takeUp(UUID id, Supplier<Future<Optional<Outcome>>> begin) {
    boolean unused = keep(id);
    return once(id, Part.TAKEN_UP, begin);
  }

  /** The same of one that another server has still. */
  Future<Optional<Outcome>> offered(UUID id, Supplier<Future<Optional<Outcome>>> begin) {
    return once(id, Part.OFFERED, begin);
  }

  /**
   * Whether this server goes on with one that was another's. With one that is offered it does so
   * from now on, for nobody else does then.
   */
  boolean keep(UUID id) {
    Known known =
        all.computeIfPresent(
            id, (same, now) -> now.part() == Part.OFFERED ? now.as(Part.TAKEN_UP) : now);
    return known != null && known.part() == Part.TAKEN_UP;
  }

  /**
   * Notes that this server does not take one up that was offered. It may come again, when nobody
   * else has room for it.
   *
   * @return false when it has to go on with it: {@link #keep} was called meanwhile
   */
  boolean refuse(UUID id) {
    Known known =
        all.computeIfPresent(
            id, (same, now) -> now.part() == Part.OFFERED ? now.as(Part.ELSEWHERE) : now);
    return known == null || known.part() == Part.ELSEWHERE;
  }

  /** Whether another server has one that came here. */
  boolean isElsewhere(UUID id) {
    Known known = all.get(id);
    return known != null && known.part() == Part.ELSEWHERE;
  }

  /**
   * What another one has taken over comes again when that one goes. Not when somebody waits: he
   * asks the others for it.
   */
  @Override
  public void ended(Push push, Outcome outcome, long now) {
    if (outcome.response().equals(OwnAnswers.TAKEN_OVER)) {
      Known unused =
          all.computeIfPresent(
              push.id(), (id, known) -> known.isAccepted() ? known.as(Part.ELSEWHERE) : known);
    }
  }

  private Future<Optional<Outcome>> once(
      UUID id, Part part, Supplier<Future<Optional<Outcome>>> begin) {
    Promise<Optional<Outcome>> end = Promise.promise();
    Known fresh = new Known(end.future(), part);
    Known before = all.putIfAbsent(id, fresh);
    if (before != null && (before.part() != Part.ELSEWHERE || !all.replace(id, before, fresh))) {
      return before.part() == Part.OFFERED && part == Part.TAKEN_UP
          ? takeUp(id, begin)
          : before.end();
    }
    begin.get().onComplete(end);
    Ends ends = part == Part.OWN ? ended : takenUpAndEnded;
    return end.future().onComplete(done -> ends.add(id));
  }

  /** How many are remembered. */
  int size() {
    return all.size();
  }

  private record Ended(UUID id, long at) {}

  /** Those that have ended, the oldest first. */
  private final class Ends {
    private final Queue<Ended> oldest = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final AtomicBoolean isTimed = new AtomicBoolean();
    private final int most;
    private final long holdsMs;

    Ends(int most, long holdsMs) {
      this.most = most;
      this.holdsMs = holdsMs;
    }

    void add(UUID id) {
      oldest.add(new Ended(id, time.millis()));
      if (size.incrementAndGet() > most) {
        forgetOldest();
      }
      if (holdsMs < Long.MAX_VALUE && isTimed.compareAndSet(false, true)) {
        time.timer(holdsMs, this::forgetOld);
      }
    }

    private void forgetOldest() {
      Ended one = oldest.poll();
      if (one != null) {
        size.decrementAndGet();
        Known unused = all.remove(one.id());
      }
    }

    /** Nothing is done as long as nothing comes. */
    private void forgetOld() {
      long now = time.millis();
      Ended first = oldest.peek();
      while (first != null && now - first.at() >= holdsMs) {
        forgetOldest();
        first = oldest.peek();
      }
      isTimed.set(false);
      if (first != null && isTimed.compareAndSet(false, true)) {
        time.timer(STEP_MS, this::forgetOld);
      }
    }
  }
}
