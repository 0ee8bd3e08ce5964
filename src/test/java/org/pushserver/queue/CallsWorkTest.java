// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.push.Device;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.queue.Calls.Decision;
import org.pushserver.spi.SamplePush;
import org.pushserver.spi.TokenForm;

/** What many pushes of one call-id cost: the same for each, however many there are. */
class CallsWorkTest {
  private static final int MANY = 30_000;
  private static final int FOR_EACH = 20;

  /** Counts how often two pushes are compared. */
  private static final class Counted extends Sameness {
    long comparisons;

    Counted() {
      super(TokenForm.PRINTABLE);
    }

    @Override
    boolean meet(Collection<String> one, Collection<String> other) {
      comparisons++;
      return super.meet(one, other);
    }

    @Override
    boolean repeats(Push push, Push other) {
      comparisons++;
      return super.repeats(push, other);
    }
  }

  private final Counted work = new Counted();
  private final Calls calls = new Calls(work);

  private static Waiting waiting(Event event, Device device, String content) {
    Push sample = SamplePush.of(event).callId("4711").content(content).push();
    return new Waiting(
        new Push(
            UUID.randomUUID(),
            sample.app(),
            device,
            event,
            "4711",
            sample.details(),
            sample.bornAt(),
            sample.deadline()),
        sample.deadline(),
        null);
  }

  private static Waiting message(int number) {
    return waiting(Event.MESSAGE, new Device("a1", null), colliding(number));
  }

  /** Texts that differ, all with the same {@link String#hashCode}, if the number is above 0. */
  private static String colliding(int number) {
    StringBuilder text = new StringBuilder();
    for (int bit = 0; bit < 15; bit++) {
      text.append((Math.abs(number) >> bit & 1) == 0 ? "Aa" : "BB");
    }
    return number < 0 ? number + text.toString() : text.toString();
  }

  private void arrive(Waiting waiting) {
    assertEquals(Decision.SEND, calls.decide(waiting));
    calls.add(waiting);
  }

  /** The numbers below 0 stand for ordinary texts, those above for texts that collide. */
  @ParameterizedTest
  @ValueSource(ints = {-1, 1})
  void aMessageAmongManyOfOneCallIdCostsNoMoreThanAmongFew(int sign) {
    List<Waiting> messages = new ArrayList<>();
    for (int number = 1; number <= MANY; number++) {
      Waiting message = message(sign * number);
      arrive(message);
      messages.add(message);
    }
    assertTrue(work.comparisons <= MANY * (long) FOR_EACH, () -> work.comparisons + " comparisons");
    if (sign < 0) {
      assertEquals(
          new Decision.Join(messages.get(MANY - 1), List.of()), calls.decide(message(-MANY)));
    }
    Collections.shuffle(messages, new Random(7));
    work.comparisons = 0;
    messages.forEach(message -> assertEquals(List.of(), calls.remove(message, true)));
    assertEquals(0, work.comparisons);
    assertEquals(Decision.SEND, calls.decide(message(sign)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"phone", ""})
  void aRingAmongManyOfOneCallIdCostsNoMoreThanAmongFew(String id) {
    for (int number = 1; number <= MANY; number++) {
      arrive(ring(number, id));
    }
    Decision.Join join = assertInstanceOf(Decision.Join.class, calls.decide(ring(MANY, id)));
    assertSame(Event.INCOMING_SESSION, join.same().push.event());
    assertTrue(work.comparisons <= MANY * (long) FOR_EACH, () -> work.comparisons + " comparisons");
    Waiting cancel = waiting(Event.CANCEL, new Device("ffff", "PHONE"), null);
    Decision decision = calls.decide(cancel);
    assertEquals(!id.isEmpty(), decision instanceof Decision.Over);
    assertEquals(id.isEmpty() ? 0 : MANY, decision.withdrawn().size());
    for (Waiting ring : decision.withdrawn()) {
      assertEquals(List.of(), calls.remove(ring, false));
    }
  }

  private static Waiting ring(int number, String id) {
    Device device = new Device(Integer.toHexString(number), id.isEmpty() ? null : id);
    return waiting(Event.INCOMING_SESSION, device, null);
  }

  @ParameterizedTest
  @ValueSource(strings = {"phone", ""})
  void aRingThatComesAfterManyCancelsCostsNoMoreThanAfterFew(String id) {
    for (int number = 1; number <= MANY; number++) {
      Device device = new Device(Integer.toHexString(number), id.isEmpty() ? null : id);
      arrive(waiting(Event.CANCEL, device, null));
    }
    work.comparisons = 0;
    for (int number = 1; number <= MANY; number++) {
      Waiting ring = ring(number, id);
      if (calls.decide(ring) != Decision.OVER) {
        fail("rings though its cancel is on its way");
      }
    }
    assertEquals(0, work.comparisons);
  }
}
