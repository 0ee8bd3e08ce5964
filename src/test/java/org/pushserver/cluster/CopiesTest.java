// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.queue.KeptPush;
import org.pushserver.queue.QueueMemory;
import org.pushserver.spi.SamplePush;
import org.pushserver.wire.PushBytes;

class CopiesTest {
  private final ManualTime time = new ManualTime(SamplePush.BORN);
  private final Copies copies = new Copies(time, new QueueMemory(1 << 20));

  private void told(Node by, CopyBatch batch) {
    assertEquals(0, copies.take(by, batch.bytes(), id -> false, id -> {}, cancel -> {}));
  }

  @Test
  void aServerThatTellsBeforeItIsKnownIsTheSameAsAfter() {
    Node early = new Node("id-2", "n2", "unknown");
    Node known = new Node("id-2", "n2", "1.0");
    Push push = SamplePush.of(Event.INCOMING_SESSION).push();
    List<UUID> ids = List.of(push.id());
    CopyBatch waits = new CopyBatch();
    waits.add(push.id(), true, PushBytes.timed(new KeptPush(push), time.now()));
    told(early, waits);
    assertEquals(Set.of(known), copies.origins());
    assertTrue(copies.hasAny(known, ids));
    CopyBatch ended = new CopyBatch();
    ended.remove(push.id());
    told(known, ended);
    assertFalse(copies.hasAny(early, ids));
  }

  @Test
  void anotherProcessOfTheSameServerIsAnotherOne() {
    Node before = new Node("id-2", "n2", "1.0");
    Node since = new Node("id-3", "n2", "1.0");
    Push push = SamplePush.of(Event.INCOMING_SESSION).push();
    CopyBatch waits = new CopyBatch();
    waits.add(push.id(), true, PushBytes.timed(new KeptPush(push), time.now()));
    told(before, waits);
    assertFalse(copies.hasAny(since, List.of(push.id())));
  }
}
