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
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.pushserver.push.Outcome;

/**
 * The pushes that came to this server from others, by their ids: one that comes again, because
 * nobody knew whether it had come, meets itself, and is not sent twice. Also for a while after its
 * end. Any thread.
 */
final class KnownPushes {
  /** So many that have ended are remembered; who comes again comes soon. */
  private static final int ENDED = 20_000;

  private static final int TAKEN_UP = 100_000;

  /** What this server has to do with one. */
  private enum Part {
    /** It came to this server. */
    OWN,
    /** It was another's. */
    TAKEN_UP,
    /** It was offered to this server, which had no room for it. */
    REFUSED
  }

  private record Known(Future<Optional<Outcome>> end, Part part) {}

  private final Map<UUID, Known> all = new ConcurrentHashMap<>();
  private final Ends ended = new Ends(ENDED);

  /** Remembered for longer: a server that stood still asks for them when it goes on. */
  private final Ends takenUpAndEnded = new Ends(TAKEN_UP);

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
    return once(id, Part.TAKEN_UP, begin);
  }

  /**
   * Notes that this server does not take one up after all. It may come again, when nobody else has
   * room for it.
   */
  void refuse(UUID id) {
    Known unused = all.computeIfPresent(id, (same, known) -> new Known(known.end(), Part.REFUSED));
  }

  private Future<Optional<Outcome>> once(
      UUID id, Part part, Supplier<Future<Optional<Outcome>>> begin) {
    Promise<Optional<Outcome>> end = Promise.promise();
    Known fresh = new Known(end.future(), part);
    Known before = all.putIfAbsent(id, fresh);
    if (before != null && (before.part() != Part.REFUSED || !all.replace(id, before, fresh))) {
      return before.end();
    }
    begin.get().onComplete(end);
    Ends ends = part == Part.TAKEN_UP ? takenUpAndEnded : ended;
    return end.future().onComplete(done -> ends.add(id));
  }

  /** Those that have ended, the oldest first. */
  private final class Ends {
    private final Queue<UUID> ids = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final int most;

    Ends(int most) {
      this.most = most;
    }

    void add(UUID id) {
      ids.add(id);
      if (size.incrementAndGet() > most) {
        size.decrementAndGet();
        Known unused = all.remove(ids.remove());
      }
    }
  }
}
