// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushserver.push.Event;
import org.pushserver.spi.SamplePush;

class PushQueueTest {
  private static final long BORN = SamplePush.BORN;

  private final PushQueue queue = new PushQueue();

  @CanIgnoreReturnValue
  private Waiting add(Event event, String callId, long age, long life) {
    Waiting waiting =
        new Waiting(
            SamplePush.of(event).callId(callId).bornAt(BORN + age).life(life).push(),
            BORN + age + life,
            null);
    queue.add(waiting);
    return waiting;
  }

  private void call(String callId, long age) {
    add(Event.INCOMING_SESSION, callId, age, 64_000);
  }

  private void message(String callId, long age) {
    add(Event.MESSAGE, callId, age, 7_200_000);
  }

  private List<String> drain() {
    List<String> order = new ArrayList<>();
    for (Waiting next = queue.poll(); next != null; next = queue.poll()) {
      order.add(next.push.callId());
    }
    return order;
  }

  @Test
  void callsGoBeforeAllOthers() {
    message("message", 0);
    add(Event.TRANSFER, "transfer", 1, 7_200_000);
    call("ring", 2);
    add(Event.CANCEL, "cancel", 3, 64_000);
    add(Event.INCOMING_CONFERENCE, "conference", 4, 64_000);
    assertEquals(5, queue.size());
    assertEquals(List.of("ring", "cancel", "conference", "message", "transfer"), drain());
    assertEquals(0, queue.size());
  }

  @Test
  void withinALaneTheOldestGoesFirst() {
    message("m2", 20);
    message("m1", 10);
    call("c2", 40);
    call("c1", 30);
    assertEquals(List.of("c1", "c2", "m1", "m2"), drain());
  }

  @Test
  void whatIsBornInTheSameMillisecondKeepsTheOrderOfArrival() {
    List<String> arrival = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      arrival.add("c" + i);
      call("c" + i, 0);
    }
    assertEquals(arrival, drain());
  }

  @Test
  void aPushThatComesBackTakesItsOldPlace() {
    for (int i = 0; i < 5; i++) {
      call("same" + i, 0);
    }
    call("later", 1);
    Waiting first = queue.poll();
    Waiting second = queue.poll();
    queue.add(second);
    queue.add(first);
    assertEquals(List.of("same0", "same1", "same2", "same3", "same4", "later"), drain());
  }

  @Test
  void expiredOnesAreFoundAtTheHeadsOfBothLanes() {
    Waiting call = add(Event.CANCEL, "call", 0, 100);
    Waiting message = add(Event.MESSAGE, "message", 0, 50);
    call("fresh call", 0);
    message("fresh message", 0);
    assertEquals(BORN + 50, queue.nextDeadline());
    assertNull(queue.pollExpired(BORN + 49));
    assertEquals(message, queue.pollExpired(BORN + 50));
    assertEquals(BORN + 100, queue.nextDeadline());
    assertNull(queue.pollExpired(BORN + 99));
    assertEquals(call, queue.pollExpired(BORN + 100));
    assertNull(queue.pollExpired(BORN + 100));
    assertEquals(2, queue.size());
  }

  @Test
  void anEmptyQueueHasNothingToSendAndNoDeadline() {
    assertNull(queue.poll());
    assertNull(queue.pollExpired(Long.MAX_VALUE));
    assertEquals(Long.MAX_VALUE, queue.nextDeadline());
  }
}
