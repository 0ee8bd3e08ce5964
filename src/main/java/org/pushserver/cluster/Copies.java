// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.pushserver.push.Push;
import org.pushserver.queue.KeptPush;
import org.pushserver.queue.QueueMemory;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.pushserver.wire.DamagedPushException;
import org.pushserver.wire.PushBytes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The copies that this server has of pushes that wait at others, as bytes: they are wanted only
 * when those end. They count into the memory that pushes may take. Any thread.
 */
final class Copies {
  private static final Logger LOG = LoggerFactory.getLogger(Copies.class);

  /** What a copy takes beside its bytes. */
  private static final int OVERHEAD = 200;

  /**
   * A copy.
   *
   * @param origin where the push waits
   * @param content the push
   * @param at when they came, milliseconds since the epoch
   * @param isAwaited whether somebody waits for its end, who will ask for it
   */
  record Copy(Node origin, Buffer content, long at, boolean isAwaited) {
    /** What is in it. */
    KeptPush exactly() throws DamagedPushException {
      KeptPush kept = PushBytes.read(content.getBytes(), at);
      Push push = kept.push().takenAt(origin.name());
      return new KeptPush(push, kept.attempts(), kept.mayHaveArrived());
    }

    /** The push, of which an attempt may be under way. */
    KeptPush push() throws DamagedPushException {
      KeptPush kept = exactly();
      return new KeptPush(kept.push(), kept.attempts(), true);
    }

    private int weight() {
      return content.length() + OVERHEAD;
    }
  }

  private final Time time;
  private final QueueMemory memory;
  private final Map<Node, Map<UUID, Copy>> byOrigin = new HashMap<>();

  /**
   * @param memory what they may take
   */
  Copies(Time time, QueueMemory memory) {
    this.time = time;
    this.memory = memory;
  }

  /**
   * Takes what a server says of its pushes.
   *
   * @param isTakenUp says which are gone on with here; of these no copy is wanted
   * @param doubled told of each of these that has ended there, too
   * @param cancels told of each cancel that has come there
   * @return how many of them there is no room for
   */
  synchronized int take(
      Node origin,
      Buffer batch,
      Predicate<UUID> isTakenUp,
      Consumer<UUID> doubled,
      Consumer<Push> cancels) {
    Map<UUID, Copy> copies = byOrigin.computeIfAbsent(origin, first -> new LinkedHashMap<>());
    int[] refused = {0};
    CopyBatch.read(
        batch,
        new CopyBatch.Content() {
          @Override
          public void add(UUID id, boolean isAwaited, byte[] bytes) {
            Copy copy = new Copy(origin, Buffer.buffer(bytes), time.now(), isAwaited);
            if (isTakenUp.test(id)) {
              return;
            }
            if (memory.take(copy.weight(), false)) {
              free(copies.put(id, copy));
            } else {
              refused[0]++;
            }
          }

          @Override
          public void remove(UUID id) {
            Copy was = copies.remove(id);
            free(was);
            if (was == null && isTakenUp.test(id)) {
              doubled.accept(id);
            }
          }

          @Override
          public void cancelled(byte[] bytes) {
            KeptPush cancel = opened(new Copy(origin, Buffer.buffer(bytes), time.now(), false));
            if (cancel != null) {
              cancels.accept(cancel.push());
            }
          }

          @Override
          public void reset() {
            copies.values().forEach(Copies.this::free);
            copies.clear();
          }
        });
    return refused[0];
  }

  private void free(Copy copy) {
    if (copy != null) {
      memory.free(copy.weight());
    }
  }

  /** The copy of a push; null when there is none. */
  synchronized Copy get(UUID id) {
    for (Map<UUID, Copy> copies : byOrigin.values()) {
      Copy copy = copies.get(id);
      if (copy != null) {
        return copy;
      }
    }
    return null;
  }

  /** Gives away a copy, once; null when there is none. */
  synchronized KeptPush claim(UUID id) {
    for (Map<UUID, Copy> copies : byOrigin.values()) {
      Copy copy = copies.remove(id);
      if (copy != null) {
        return freed(copy);
      }
    }
    return null;
  }

  /** Whether one of some pushes waits at a server, as far as this one has copies. */
  synchronized boolean hasAny(Node origin, List<UUID> ids) {
    Map<UUID, Copy> copies = byOrigin.getOrDefault(origin, Map.of());
    return !copies.isEmpty() && ids.stream().anyMatch(copies::containsKey);
  }

  /** Forgets the copy of a push, if there is one. */
  synchronized void drop(UUID id) {
    byOrigin.values().forEach(copies -> free(copies.remove(id)));
  }

  /**
   * Reads pushes that are told as copies are.
   *
   * @param now milliseconds since the epoch
   * @throws RuntimeException when that cannot be understood
   */
  static List<Copy> read(Node from, Buffer bytes, long now) {
    List<Copy> all = new ArrayList<>();
    CopyBatch.read(
        bytes,
        new CopyBatch.Content() {
          @Override
          public void add(UUID id, boolean isAwaited, byte[] push) {
            all.add(new Copy(from, Buffer.buffer(push), now, isAwaited));
          }

          @Override
          public void remove(UUID id) {
            throw new IllegalArgumentException("nothing is taken back");
          }

          @Override
          public void cancelled(byte[] cancel) {
            throw new IllegalArgumentException("only pushes are handed over");
          }

          @Override
          public void reset() {
            throw new IllegalArgumentException("nothing is taken back");
          }
        });
    return all;
  }

  /** What this server has of others: whose pushes it would go on with. */
  synchronized Set<Node> origins() {
    return Set.copyOf(byOrigin.keySet());
  }

  /** How many there are. */
  synchronized int size() {
    return byOrigin.values().stream().mapToInt(Map::size).sum();
  }

  /** Gives away all copies of one server, in the order in which they came. */
  synchronized List<Claimed> claimAll(Node origin) {
    Map<UUID, Copy> copies = byOrigin.remove(origin);
    List<Claimed> all = new ArrayList<>();
    if (copies != null) {
      for (Copy copy : copies.values()) {
        KeptPush push = freed(copy);
        if (push != null) {
          all.add(new Claimed(push, copy.isAwaited()));
        }
      }
    }
    return all;
  }

  /**
   * One that was given away.
   *
   * @param isAwaited whether somebody waits for its end
   */
  record Claimed(KeptPush push, boolean isAwaited) {}

  private KeptPush freed(Copy copy) {
    free(copy);
    return opened(copy);
  }

  private static KeptPush opened(Copy copy) {
    try {
      return copy.push();
    } catch (DamagedPushException e) {
      LOG.error(
          "a copy of a push of server {} cannot be read: {}", copy.origin().name(), Reason.of(e));
      return null;
    }
  }
}
