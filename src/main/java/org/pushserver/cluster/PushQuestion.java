// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.buffer.Buffer;
import java.util.List;
import org.pushserver.push.Push;
import org.pushserver.queue.KeptPush;
import org.pushserver.wire.DamagedPushException;
import org.pushserver.wire.PushBytes;

/**
 * What one server wants of another with a push, as an object and as bytes. Immutable.
 *
 * @param task what is to be done
 * @param push the push; its time is told as what is left of it
 * @param isRepeated whether it was handed to a server before, of which nobody knows what it did
 */
record PushQuestion(Task task, Push push, boolean isRepeated) {
  /** What is asked by this name, over the event bus of the cluster. */
  static final String NAME = "push";

  /** Its number is its place; only ever added to at the end. */
  enum Task {
    /** As {@link org.pushserver.dispatch.Dispatcher#deliver}. */
    DELIVER,
    /** As {@link org.pushserver.dispatch.Dispatcher#accept}. */
    ACCEPT,
    /** As {@link org.pushserver.dispatch.Dispatcher#withdraw}. */
    WITHDRAW,
    /** As {@link org.pushserver.dispatch.Dispatcher#answered}. */
    ANSWERED,
    /** As {@link org.pushserver.dispatch.Dispatcher#left}. */
    LEFT,
    /** Whether one that says the same is on its way. */
    HAS_EQUAL
  }

  private static final List<Task> TASKS = List.of(Task.values());
  private static final int HEAD = 2;

  /**
   * @param now milliseconds since the epoch, by the clock of this server
   */
  Buffer bytes(long now) {
    return Buffer.buffer()
        .appendByte((byte) TASKS.indexOf(task))
        .appendByte((byte) (isRepeated ? 1 : 0))
        .appendBytes(PushBytes.timed(new KeptPush(push), now));
  }

  /**
   * Reads what another server has written.
   *
   * @param now milliseconds since the epoch, by the clock of this server
   * @throws DamagedPushException when it cannot be understood
   */
  static PushQuestion read(Buffer bytes, long now) throws DamagedPushException {
    byte[] push = bytes.getBytes(HEAD, bytes.length());
    return new PushQuestion(
        TASKS.get(bytes.getByte(0)), PushBytes.read(push, now).push(), bytes.getByte(1) != 0);
  }

  /** The same, of a push that came in at the server that asks. */
  PushQuestion from(Node asks) {
    return new PushQuestion(task, push.takenAt(asks.name()), isRepeated);
  }

  /** Whether the push is to be sent; else something is said or asked of it. */
  boolean isToBeSent() {
    return task == Task.DELIVER || task == Task.ACCEPT;
  }

  PushQuestion repeated() {
    return new PushQuestion(task, push, true);
  }
}
