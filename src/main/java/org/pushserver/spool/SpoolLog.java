// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A spool in a folder: what is kept and what is forgotten is appended to a log, several at a time,
 * and is on disk before anybody is told so. What is kept and forgotten within a few milliseconds is
 * never written. Any thread, unless said otherwise.
 *
 * <p>Life: {@link #open}, {@link #load} once, {@link #start}, then what {@link Spool} has, and
 * {@link #close}.
 *
 * <p>The log is a row of files, segments. The oldest goes when nothing in it lives; when dead
 * records take more than twice the room of those that live, what lives in it is copied to the
 * newest.
 */
public final class SpoolLog implements Spool {
  /** How much may be dead on disk, beside as much as lives, in bytes. */
  static final long DEAD_BYTES = 32 << 20;

  private static final Executor IN_A_SECOND =
      CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, Runnable::run);

  private final SpoolFolder folder;
  private final SpoolQueue queue;
  private final LeftRecords left;
  private final Thread thread;
  private final Promise<Void> closed = Promise.promise();

  /** Gets what a former process has left. */
  public interface Left {
    /**
     * A record that was kept and not forgotten.
     *
     * @param content as it was kept
     * @param mayHaveEnded whether it may have been forgotten, but that was damaged
     */
    void record(UUID id, byte[] content, boolean mayHaveEnded);
  }

  private SpoolLog(SpoolFolder folder, SpoolIndex index, LeftRecords left, SpoolNews news) {
    this.folder = folder;
    this.left = left;
    this.queue = new SpoolQueue(folder, index, news);
    SpoolWriter writer = new SpoolWriter(queue, folder, news, left.highest() + 1);
    this.thread =
        new Thread(
            () -> {
              try {
                writer.run();
              } finally {
                closed.tryComplete();
              }
            },
            "spool");
    thread.setDaemon(true);
  }

  /**
   * Claims a folder, which is made when it is not there, and sees what is in it. Blocks, for about
   * a second where a million records were left.
   *
   * @param patience how long another server may take to give it up: one that hands over to this one
   *     does so when it has ended what it could. {@link Duration#ZERO} to wait for none
   * @param news is told of damage, and later of troubles
   * @throws SpoolException when it cannot be used: it is another server's, was written by a newer
   *     version, cannot be read or written to; in an operator's words, with what to do
   */
  public static SpoolLog open(Path folder, Duration patience, SpoolNews news)
      throws SpoolException {
    return open(folder, patience, news, DEAD_BYTES);
  }

  static SpoolLog open(Path path, Duration patience, SpoolNews news, long deadBytes)
      throws SpoolException {
    return open(path, patience, news, deadBytes, UnaryOperator.identity());
  }

  static SpoolLog open(
      Path path, Duration patience, SpoolNews news, long deadBytes, UnaryOperator<FileChannel> disk)
      throws SpoolException {
    try {
      SpoolFolder folder = SpoolFolder.claim(path, patience, disk);
      boolean isGood = false;
      try {
        if (!folder.trouble().isEmpty()) {
          news.damaged(folder.trouble());
        }
        SpoolIndex index = new SpoolIndex(deadBytes);
        LeftRecords left = new LeftRecords(folder, index, news);
        left.scan();
        isGood = true;
        return new SpoolLog(folder, index, left, news);
      } finally {
        if (!isGood) {
          folder.close();
        }
      }
    } catch (IOException e) {
      throw new SpoolException(SpoolFault.of(e, path), e);
    }
  }

  /**
   * Hands on what a former process has left, in the order in which it was kept. It stays kept until
   * it is forgotten. Before {@link #start}; blocks.
   */
  public void load(Left to) throws SpoolException {
    try {
      left.handOn(to);
    } catch (IOException e) {
      throw new SpoolException(SpoolFault.of(e, folder.path()), e);
    }
  }

  /** Begins to write; no more than once. */
  public synchronized void start() {
    if (thread.getState() == Thread.State.NEW) {
      thread.start();
      IN_A_SECOND.execute(this::look);
    }
  }

  private void look() {
    if (closed.future().isComplete()) {
      return;
    }
    if (queue.look() && queue.isClosing()) {
      boolean unused = closed.tryComplete();
    }
    IN_A_SECOND.execute(this::look);
  }

  @Override
  public Future<Void> append(UUID id, Supplier<byte[]> record) {
    return queue.append(id, record);
  }

  @Override
  public void forget(UUID id) {
    queue.forget(id);
  }

  @Override
  public String problem() {
    return queue.problem();
  }

  /** How many records are on disk and not forgotten. */
  public int size() {
    return queue.size();
  }

  /** What the spool takes on disk, in bytes. */
  public long bytes() {
    return queue.bytes();
  }

  /**
   * Writes what was gathered, and gives the folder up.
   *
   * @return completes when another server may have the folder, or when the disk hangs: nobody is to
   *     wait for that; never fails
   */
  public Future<Void> close() {
    queue.close();
    start();
    return closed.future();
  }
}
