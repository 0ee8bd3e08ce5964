// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.AppKey;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.queue.SampleAnswers;
import org.pushserver.spi.SamplePush;

/** The devices that were rung, and beside them a plain list of what they should be. */
final class RungModel {
  private static final List<AppKey> APPS =
      List.of(
          new AppKey("com.example.phone", AppKey.APPLE),
          new AppKey("com.example.phone", AppKey.FIREBASE));

  /** A ring, or a cancel that found nothing. */
  private static final class Entry {
    final String callId;
    final Push ring;
    final long at;
    boolean isLive;
    int wanted = 1;

    Entry(String callId, Push ring, long at) {
      this.callId = callId;
      this.ring = ring;
      this.at = at;
      this.isLive = ring != null;
    }
  }

  private record Overtaking(CallCancel cancel, long until) {}

  private final ManualTime time = new ManualTime();
  private final long mostBytes;
  private final List<Entry> line = new ArrayList<>();
  private final Map<String, Overtaking> overtaking = new HashMap<>();
  private final List<Push> rings = new ArrayList<>();

  final RungDevices rung;

  RungModel(long mostBytes) {
    this.mostBytes = mostBytes;
    this.rung = new RungDevices(time, mostBytes);
  }

  private static Push push(Event event, String callId, AppKey app, Device device) {
    Push sample = SamplePush.of(event).push();
    return new Push(UUID.randomUUID(), app, device, event, callId, sample.details(), 0, 1);
  }

  void ring(int call, int number, int app) {
    Device device = new Device("token" + number, "id" + number, "token" + number, false, null);
    Push ring = push(Event.INCOMING_SESSION, "call" + call, APPS.get(app), device);
    boolean mayBeOver =
        Optional.ofNullable(overtaking.get(ring.callId()))
            .filter(one -> time.millis() < one.until())
            .filter(one -> one.cancel().concerns(ring.app(), device))
            .isPresent();
    boolean isOver = rung.isOver(ring);
    if (mostBytes == Long.MAX_VALUE) {
      assertEquals(mayBeOver, isOver);
    } else {
      assertTrue(mayBeOver || !isOver);
    }
    if (!isOver) {
      rings.add(ring);
      Entry entry = new Entry(ring.callId(), ring, time.millis());
      find(ring)
          .ifPresent(
              before -> {
                entry.wanted += before.wanted;
                before.isLive = false;
              });
      remember(entry);
    }
  }

  private void remember(Entry entry) {
    line.add(entry);
    line.removeIf(one -> time.millis() - one.at >= RungDevices.REMEMBERED_MS);
    if (mostBytes < Long.MAX_VALUE) {
      assertTrue(rung.size() <= line.size());
      line.subList(0, line.size() - rung.size()).clear();
    }
    assertEquals(line.size(), rung.size());
  }

  private Optional<Entry> find(Push ring) {
    return line.stream()
        .filter(one -> one.isLive)
        .filter(one -> one.callId.equals(ring.callId()))
        .filter(one -> one.ring.app().equals(ring.app()))
        .filter(one -> one.ring.device().registration().equals(ring.device().registration()))
        .findFirst();
  }

  void cancel(int call, int app, int except) {
    Predicate<AppKey> allowed = key -> app == APPS.size() || key.equals(APPS.get(app));
    cancel(new CallCancel("call" + call, Set.of("token" + except), Set.of(), allowed));
  }

  private void cancel(CallCancel cancel) {
    List<RungDevice> expected = new ArrayList<>();
    boolean isKnown = false;
    for (Entry one : line) {
      if (one.callId.equals(cancel.callId())) {
        isKnown = true;
        if (one.isLive && cancel.concerns(one.ring.app(), one.ring.device())) {
          one.isLive = false;
          if (time.millis() - one.at < RungDevices.REMEMBERED_MS) {
            expected.add(RungDevice.of(one.ring));
          }
        }
      }
    }
    assertEquals(expected, rung.cancel(cancel));
    if (!isKnown) {
      overtaking.put(
          cancel.callId(), new Overtaking(cancel, time.millis() + RungDevices.OVERTAKEN_MS));
      remember(new Entry(cancel.callId(), null, time.millis()));
    }
  }

  void cancelAll() {
    for (int call = 0; call <= 5; call++) {
      cancel(call, APPS.size(), -1);
    }
  }

  private Optional<Push> ring(int which) {
    return rings.isEmpty() ? Optional.empty() : Optional.of(rings.get(which % rings.size()));
  }

  void cancelInFull(int which) {
    ring(which)
        .ifPresent(
            ring -> {
              boolean isOver =
                  rung.isOver(push(Event.CANCEL, ring.callId(), ring.app(), ring.device()));
              assertEquals(false, isOver);
              find(ring).ifPresent(entry -> entry.isLive = false);
            });
  }

  void answered(int which) {
    ring(which)
        .ifPresent(
            ring -> {
              rung.answered(ring);
              find(ring).ifPresent(entry -> entry.wanted--);
            });
  }

  void left(int which) {
    ring(which).ifPresent(ring -> assertEquals(left(ring), rung.left(ring)));
  }

  private boolean left(Push ring) {
    Entry entry = find(ring).orElse(null);
    if (entry == null) {
      return false;
    }
    entry.wanted--;
    entry.isLive = entry.wanted > 0;
    return !entry.isLive;
  }

  void ended(int which, Result result) {
    ring(which)
        .ifPresent(
            ring -> {
              rung.ended(ring, new Outcome(result, SampleAnswers.said(200, ""), 1), time.now());
              switch (result) {
                case REFUSED, DEAD_TOKEN, SUPERSEDED ->
                    find(ring)
                        .filter(entry -> entry.ring.id().equals(ring.id()))
                        .ifPresent(entry -> entry.isLive = false);
                case OVERLOADED -> {
                  boolean unused = left(ring);
                }
                default -> {
                  // It rings.
                }
              }
            });
  }

  void pause(long ms) {
    time.advance(Duration.ofMillis(ms));
  }

  /** How many call-ids are known. */
  long calls() {
    return line.stream().map(one -> one.callId).distinct().count();
  }
}
