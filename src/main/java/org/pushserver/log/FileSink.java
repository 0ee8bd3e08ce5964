// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A log file. Looks before each write, but not more than once a second, whether the path still
 * leads to the file that is open: logrotate moves it away and expects a new one.
 */
final class FileSink extends ChannelSink {
  private static final Logger LOG = LoggerFactory.getLogger(FileSink.class);
  private static final long LOOK_MS = 1_000;

  private final LogFile file;
  private final Clock clock;
  private FileChannel channel;
  private Object identity;
  private long lookedAt;
  private long period;

  /** The file could not be moved away; it is not tried again until another is opened. */
  private boolean unmovable;

  FileSink(Format format, LogFile file) {
    this(format, file, Clock.system(ZoneId.systemDefault()));
  }

  /** With a clock for tests. */
  FileSink(Format format, LogFile file, Clock clock) {
    super(format);
    this.file = file;
    this.clock = clock;
  }

  @Override
  FileChannel channel() throws IOException {
    long now = clock.millis();
    if (channel != null && Math.abs(now - lookedAt) >= LOOK_MS) {
      lookedAt = now;
      if (!Objects.equals(identity, identity(file.path()))) {
        close();
      }
    }
    if (channel == null) {
      open(now);
    }
    if (!unmovable && (isFull() || period(now) != period)) {
      rotate(now);
    }
    return channel;
  }

  private void open(long now) throws IOException {
    Path folder = file.path().toAbsolutePath().getParent();
    // Not a link to a folder, which JDK 17 would take for something in the way.
    if (!Files.isDirectory(folder)) {
      Files.createDirectories(folder);
    }
    channel = FileChannel.open(file.path(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    identity = identity(file.path());
    lookedAt = now;
    unmovable = false;
    period = size() == 0 ? period(now) : period(Files.getLastModifiedTime(file.path()).toMillis());
  }

  /** Null when there is no file, or the system does not tell. */
  private static Object identity(Path path) throws IOException {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private long size() throws IOException {
    // A pipe has none.
    return Files.isRegularFile(file.path()) ? channel.size() : 0;
  }

  private boolean isFull() throws IOException {
    return file.maxSize() > 0 && size() >= file.maxSize();
  }

  /** The number of the period that a time is in. */
  private long period(long millis) {
    if (file.maxAge().isZero()) {
      return 0;
    }
    ZoneId zone = clock.getZone();
    ZonedDateTime local = Instant.ofEpochMilli(millis).atZone(zone);
    return Math.floorDiv(
        millis + local.getOffset().getTotalSeconds() * 1000L, file.maxAge().toMillis());
  }

  /** Goes on with the old file when it cannot be moved: better a long log than none. */
  private void rotate(long now) throws IOException {
    close();
    try {
      for (int number = file.keep() - 1; number >= 0; number--) {
        Path from = number == 0 ? file.path() : before(number);
        if (Files.exists(from)) {
          Files.move(from, before(number + 1), StandardCopyOption.REPLACE_EXISTING);
        }
      }
      open(now);
    } catch (IOException e) {
      open(now);
      unmovable = true;
      LOG.error("no other log file can be begun: {}", FileTrouble.words(e));
    }
  }

  private Path before(int number) {
    return file.path().resolveSibling(file.path().getFileName() + "." + number);
  }

  @Override
  public void close() {
    if (channel == null) {
      return;
    }
    try {
      channel.close();
    } catch (IOException e) {
      // What was written is out of our hands already.
    }
    channel = null;
  }
}
