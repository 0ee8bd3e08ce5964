// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.MessageCodec;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.queue.PushCaller;

/**
 * The message that goes over the event bus to an application's verticle: a push, and the way back
 * to who asks.
 *
 * <p>The bus has replies of its own, but each costs an address, a registration and a timer: 1.5 µs
 * of CPU in a push of 24.
 */
final class Job implements PushCaller {
  /** What the application is to do. */
  enum Task {
    /** Send the push. */
    SEND,
    /** End it: a ring whose cancel has overtaken it. */
    END,
    /** Withdraw the rings that it cancels, and send nothing. */
    WITHDRAW
  }

  private final Push push;
  private final Task task;
  private final boolean untilEnd;
  private final Context asker;
  private final Promise<Outcome> answer = Promise.promise();

  /**
   * @param untilEnd whether the answer is the outcome, or only whether the push was accepted
   * @param asker where the answer is told
   */
  Job(Push push, Task task, boolean untilEnd, Context asker) {
    this.push = push;
    this.task = task;
    this.untilEnd = untilEnd;
    this.asker = asker;
  }

  Push push() {
    return push;
  }

  Task task() {
    return task;
  }

  /**
   * The outcome, or null when the push was accepted and nobody waits for its end, or when there was
   * nothing to withdraw.
   */
  Future<Outcome> answer() {
    return answer.future();
  }

  @Override
  public boolean isWaiting() {
    return untilEnd;
  }

  @Override
  public void accepted() {
    ended(null);
  }

  @Override
  public void ended(Outcome outcome) {
    asker.runOnContext(turn -> answer.tryComplete(outcome));
  }

  /** None of the rings that it cancels is on its way. */
  void nothingToWithdraw() {
    ended(null);
  }

  /** No verticle has seen it, and none will. Any thread. */
  void lost() {
    asker.runOnContext(turn -> answer.tryFail("no verticle has taken it"));
  }

  /**
   * Hands a job over the event bus as the same object: none ever leaves the JVM.
   *
   * @param name its own in this JVM: each server registers one, and takes it away again
   */
  record Codec(String name) implements MessageCodec<Job, Job> {
    @Override
    public Job transform(Job job) {
      return job;
    }

    @Override
    public byte systemCodecID() {
      return -1;
    }

    @Override
    public void encodeToWire(Buffer buffer, Job job) {
      throw new UnsupportedOperationException("only within one process");
    }

    @Override
    public Job decodeFromWire(int position, Buffer buffer) {
      throw new UnsupportedOperationException("only within one process");
    }
  }
}
