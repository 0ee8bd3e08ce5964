// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.UUID;
import java.util.function.Supplier;

/** A record on its way to the disk. What changes of it is the writer's, unless said otherwise. */
final class PendingRecord {
  final UUID id;
  final Supplier<byte[]> content;

  /** An earlier one of the same id, which is not written any more; null when there is none. */
  final PendingRecord earlier;

  private final Promise<Void> promise = Promise.promise();

  /** Where it begins; no segment while it is not written. */
  int segment = SpoolIndex.NONE;

  int offset;
  int length;

  /** It has ended while it was being written. Guarded by {@link SpoolQueue}. */
  boolean isForgotten;

  PendingRecord(UUID id, Supplier<byte[]> content, PendingRecord earlier) {
    this.id = id;
    this.content = content;
    this.earlier = earlier;
  }

  Future<Void> future() {
    return promise.future();
  }

  /** It is on disk, or need not be any more. */
  void complete() {
    // There may be thousands, when the disk is slow and one id is written over and over.
    for (PendingRecord one = this; one != null; one = one.earlier) {
      boolean unused = one.promise.tryComplete();
    }
  }

  void fail(SpoolException why) {
    for (PendingRecord one = this; one != null; one = one.earlier) {
      boolean unused = one.promise.tryFail(why);
    }
  }
}
