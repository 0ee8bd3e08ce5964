// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * That a file of tokens is this server's, as long as its process lives or until it is closed. A
 * file beside it is locked: to open and close the file itself would take SQLite's own locks away.
 */
final class TokenClaim implements AutoCloseable {
  /**
   * A server that is just leaving, or has just taken another file, gives it up within this time.
   */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(2);

  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

  private final FileChannel channel;

  private TokenClaim(FileChannel channel) {
    this.channel = channel;
  }

  /**
   * Claims it. Blocks.
   *
   * @throws TokenStoreException when it is another server's
   */
  static TokenClaim of(Path file) throws IOException, TokenStoreException {
    FileChannel channel =
        FileChannel.open(
            file.resolveSibling(file.getFileName() + ".lock"),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-r-----")));
    boolean claimed = false;
    try {
      claimed = isLockedSoon(channel);
    } finally {
      if (!claimed) {
        channel.close();
      }
    }
    if (!claimed) {
      throw new TokenStoreException(TokenFault.another(file));
    }
    return new TokenClaim(channel);
  }

  /** Whether a server has it at the moment, or will not say. Blocks for some microseconds. */
  static boolean isTaken(Path file) {
    Path lock = file.resolveSibling(file.getFileName() + ".lock");
    try (FileChannel channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
      return !isLocked(channel);
    } catch (NoSuchFileException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private static boolean isLockedSoon(FileChannel channel) throws IOException {
    long begun = System.nanoTime();
    while (!isLocked(channel)) {
      if (System.nanoTime() - begun > PATIENCE_NANOS) {
        return false;
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
    return true;
  }

  private static boolean isLocked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock();
      return lock != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
