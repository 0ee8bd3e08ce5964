// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is done with the files that nobody writes to any more, on a thread of its own: those that
 * were left open are closed, those that are too old deleted. And the claim to the folder, which one
 * server has at a time.
 */
final class TrailUpkeep {
  private static final Logger LOG = LoggerFactory.getLogger(TrailUpkeep.class);

  private static final long EACH_MS = 10_000;

  /** Of a file that cannot be closed it is said again after so many tries. */
  private static final int SAY_AGAIN = 360;

  private final TrailFiles files;
  private final TrailLimits options;
  private final Time time;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "trail-upkeep");
            made.setDaemon(true);
            return made;
          });

  private FileChannel claim;
  private boolean looksAfter;
  private volatile Path writing;
  private volatile boolean another;
  private volatile List<StoredFile> known = List.of();
  private volatile int damaged;
  private int inVain;

  /** Whether all files that were closed at the start have an index: one may be lost. */
  private boolean indexed;

  TrailUpkeep(TrailFiles files, TrailLimits options, Time time) {
    this.files = files;
    this.options = options;
    this.time = time;
  }

  /**
   * Makes sure that the folder is there, and no other server's; to be called before a file is made.
   * Once it is, looks after the files that are there.
   *
   * @throws IOException when it is another's, or cannot be written to
   */
  void claim() throws IOException {
    if (claim != null && Files.isDirectory(files.folder())) {
      return;
    }
    release();
    makeFolder();
    claim =
        FileChannel.open(
            files.folder().resolve("lock"),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            TrailFile.OURS);
    if (!isLocked(claim)) {
      release();
      another = true;
      throw new FileSystemException(
          files.folder().toString(), null, "another server writes there; each needs a state_dir");
    }
    another = false;
    if (!looksAfter) {
      // Once: the folder may go and come again.
      looksAfter = true;
      var unused =
          thread.scheduleWithFixedDelay(this::tidySafely, 0, EACH_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void makeFolder() throws IOException {
    if (!Files.isDirectory(files.folder())) {
      // Who called whom is nobody else's business.
      Path unused =
          Files.createDirectories(
              files.folder(),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));
    }
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private void release() throws IOException {
    if (claim != null) {
      claim.close();
      claim = null;
    }
  }

  /** Whether the folder is another server's at the moment. Any thread. */
  boolean isAnothers() {
    return another;
  }

  /** Says which file is written from now on; null for none. Any thread. */
  void writing(Path path) {
    writing = path;
    if (path == null && !thread.isShutdown()) {
      thread.execute(this::tidySafely);
    }
  }

  /** Takes one that is damaged out. */
  void setAside(TrailFile file, String why) {
    try {
      file.close();
    } catch (SQLException e) {
      LOG.debug("{}", file.path(), e);
    }
    files.setAside(file.path(), why);
  }

  private void tidySafely() {
    try {
      tidy();
    } catch (IOException | RuntimeException e) {
      LOG.debug("looking after the trail's files", e);
    }
  }

  private void tidy() throws IOException {
    for (StoredFile file : files.list()) {
      if (file.closed() ? !indexed : !file.path().equals(writing)) {
        finish(file);
      }
    }
    indexed = true;
    long oldest = time.now() - TimeUnit.DAYS.toMillis(options.days());
    int deleted = files.expire(oldest, options.maxSize());
    if (deleted > 0) {
      LOG.info("{} files of the trail were deleted: too old, or too much together", deleted);
    }
    known = files.list();
    damaged = files.damaged().size();
  }

  private void finish(StoredFile file) {
    Path path = file.path();
    try {
      if (file.closed()) {
        TrailFile.index(path);
      } else {
        TrailFile.finish(path);
      }
      inVain = 0;
    } catch (IOException e) {
      unfinished(path, TrailFault.of(e, files.folder()));
    } catch (SQLException e) {
      if (TrailSchema.isDamage(e)) {
        files.setAside(path, TrailFault.of(e));
      } else if (!TrailSchema.isBusy(e)) {
        unfinished(path, TrailFault.of(e, files.folder()));
      }
    }
  }

  private void unfinished(Path path, String why) {
    if (inVain++ % SAY_AGAIN == 0) {
      LOG.warn("the trail's file {} is still to be put in order: {}", path, why);
    }
  }

  /** The files, as they were a moment ago. Any thread. */
  List<StoredFile> known() {
    return known;
  }

  /** How many are set aside. Any thread. */
  int damaged() {
    return damaged;
  }

  /**
   * Ends it, and lets another server have the folder. Blocks, for so long at the most: what is not
   * in order then is put so at the next start.
   */
  void stop(long ms) {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(ms, TimeUnit.MILLISECONDS)) {
        LOG.info("a file of the trail is put in order at the next start");
      }
      release();
    } catch (IOException e) {
      LOG.debug("{}", files.folder(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
