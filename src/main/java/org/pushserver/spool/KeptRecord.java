// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.util.function.Supplier;
import org.pushserver.push.Push;
import org.pushserver.queue.KeptPush;
import org.pushserver.wire.PushBytes;

/**
 * A push that is kept, or being kept, and how it stands with it. It becomes bytes on the writer's
 * thread, and only if it is written at all. Any thread.
 */
final class KeptRecord implements Supplier<byte[]> {
  private final Push push;
  private volatile int attempts;
  private volatile boolean mayHaveArrived;
  private volatile boolean isWritten;

  KeptRecord(KeptPush push) {
    this.push = push.push();
    this.attempts = push.attempts();
    this.mayHaveArrived = push.mayHaveArrived();
  }

  /** One that is on disk already. */
  static KeptRecord written(KeptPush push) {
    KeptRecord record = new KeptRecord(push);
    record.isWritten = true;
    return record;
  }

  @Override
  public byte[] get() {
    // Before it reads what may be changed meanwhile: who changes it then writes it once more.
    isWritten = true;
    return PushBytes.dated(new KeptPush(push, attempts, mayHaveArrived));
  }

  /**
   * Changes it.
   *
   * @return whether it has to be written once more
   */
  boolean changed(int attemptsNow, boolean mayHaveArrivedNow) {
    if (attempts == attemptsNow && mayHaveArrived == mayHaveArrivedNow) {
      return false;
    }
    attempts = attemptsNow;
    mayHaveArrived = mayHaveArrivedNow;
    return isWritten;
  }

  /** Whether it is on disk, or may be. */
  boolean isWritten() {
    return isWritten;
  }
}
