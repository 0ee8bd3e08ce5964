// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import io.vertx.core.Future;
import java.util.UUID;
import java.util.function.Supplier;

/**
 * Keeps records until they are forgotten, so that they outlive the process. Any thread; never
 * blocks. {@link SpoolLog} is the one on disk.
 */
public interface Spool {
  /**
   * Keeps a record. One of the same id that is kept already is replaced by it: until the new one is
   * on disk, the old one is what is left.
   *
   * @param id a record's own, chosen by whoever keeps it
   * @param record asked for its bytes on the writer's thread, once at most, and never when the
   *     record is forgotten before it is written; it must not block
   * @return completes on the writer's thread when the record is on disk, or on the thread that
   *     forgets it when that is sooner: then it never was on disk. Fails with a {@link
   *     SpoolException} when it cannot be written, at once while that is known, and within a few
   *     seconds when the disk hangs; it is to be forgotten then, too
   */
  Future<Void> append(UUID id, Supplier<byte[]> record);

  /**
   * Forgets a record: it will not be left. Nothing happens when there is none of this id. That is
   * on disk a few milliseconds later: if the process is killed before, the record is left once
   * more.
   *
   * @param id as it was kept
   */
  void forget(UUID id);

  /**
   * Why nothing can be kept now, in an operator's words, such as that the disk is full; null while
   * all is well. It tries again by itself.
   */
  String problem();
}
