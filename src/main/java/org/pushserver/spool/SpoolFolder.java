// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * The folder of a spool, which is this server's as long as its process lives or until it is closed:
 * a file in it is locked. A file {@code format} says which version wrote it, and the magic word of
 * its records; it is written once, whole or not at all. What is in here is for the server's user
 * alone: pushes are personal. Blocks.
 */
final class SpoolFolder implements AutoCloseable {
  private static final int VERSION = 1;
  private static final int HEX = 16;
  private static final Duration PAUSE = Duration.ofMillis(20);
  private static final Pattern SEGMENT = Pattern.compile("([0-9]{9})\\.spool");

  /** The same twice: one of them may be damaged. */
  private static final Pattern FORMAT =
      Pattern.compile("pushserver spool ([0-9]{1,9}) ([0-9a-f]{8}) .*");

  private static final FileAttribute<?> PRIVATE_FOLDER =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
  private static final FileAttribute<?> PRIVATE_FILE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

  private final Path path;
  private final FileChannel lock;
  private final UnaryOperator<FileChannel> disk;
  private int magic;

  /** What was not as it should, in an operator's words; empty when all was. */
  private String trouble = "";

  private SpoolFolder(Path path, FileChannel lock, UnaryOperator<FileChannel> disk) {
    this.path = path;
    this.lock = lock;
    this.disk = disk;
  }

  /**
   * Claims a folder, which is made when it is not there.
   *
   * @param patience how long another server may take to give it up
   * @param disk is given each file that is written, and gives back what is used for it
   * @throws SpoolException when it is another server's, or no spool that this version reads
   */
  static SpoolFolder claim(Path path, Duration patience, UnaryOperator<FileChannel> disk)
      throws IOException, SpoolException {
    Path unused = Files.createDirectories(path, PRIVATE_FOLDER);
    FileChannel lock =
        FileChannel.open(
            path.resolve("lock"),
            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
            PRIVATE_FILE);
    SpoolFolder folder = new SpoolFolder(path, lock, disk);
    boolean isGood = false;
    try {
      folder.waitForLock(patience);
      folder.readFormat();
      isGood = true;
    } finally {
      if (!isGood) {
        folder.close();
      }
    }
    return folder;
  }

  private void waitForLock(Duration patience) throws IOException, SpoolException {
    long begun = System.nanoTime();
    while (!isLocked()) {
      if (System.nanoTime() - begun >= patience.toNanos()) {
        throw SpoolException.held(path);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
  }

  private boolean isLocked() throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException e) {
      return false;
    }
  }

  private void readFormat() throws IOException, SpoolException {
    Path format = path.resolve("format");
    if (!Files.exists(format) && numbers().isEmpty()) {
      writeFormat(format);
    }
    if (!isOurs(format)) {
      // Without its word no record can be told from what is none.
      setAllAside(format);
      writeFormat(format);
      if (!isOurs(format)) {
        throw new SpoolException(SpoolFault.notWritten(path));
      }
    }
  }

  private boolean isOurs(Path format) throws IOException, SpoolException {
    if (!Files.exists(format)) {
      return false;
    }
    boolean isNewer = false;
    for (String line : new String(Files.readAllBytes(format), US_ASCII).split("\n", -1)) {
      Matcher said = FORMAT.matcher(line);
      if (said.matches()) {
        if (line.equals(formatLine(said.group(2)))) {
          magic = Integer.parseUnsignedInt(said.group(2), HEX);
          return true;
        }
        isNewer |= Integer.parseInt(said.group(1)) > VERSION;
      }
    }
    if (isNewer) {
      throw new SpoolException(SpoolFault.newer(path));
    }
    return false;
  }

  private void setAllAside(Path format) throws IOException {
    List<Integer> all = numbers();
    for (int number : all) {
      Path unused = setAside(segment(number));
    }
    if (Files.exists(format)) {
      Path unused = setAside(format);
    }
    trouble = SpoolFault.notOurs(path, all.size());
  }

  /**
   * Gives a file a name under which it is in nobody's way.
   *
   * @return that name
   */
  Path setAside(Path file) throws IOException {
    String name = file.getFileName() + ".damaged";
    Path aside = path.resolve(name);
    for (int i = 2; Files.exists(aside); i++) {
      aside = path.resolve(name + i);
    }
    Path moved = Files.move(file, aside);
    sync();
    return moved;
  }

  /** What was not as it should when it was claimed, in an operator's words; empty when all was. */
  String trouble() {
    return trouble;
  }

  private static String formatLine(String word) {
    String said = "pushserver spool " + VERSION + " " + word;
    CRC32C crc = new CRC32C();
    crc.update(said.getBytes(US_ASCII));
    return String.format(Locale.ROOT, "%s %08x", said, crc.getValue());
  }

  private void writeFormat(Path format) throws IOException {
    String line = formatLine(String.format(Locale.ROOT, "%08x", new SecureRandom().nextInt() | 1));
    Path draft = path.resolve("format.new");
    Files.deleteIfExists(draft);
    try (FileChannel file =
        FileChannel.open(
            draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), PRIVATE_FILE)) {
      ByteBuffer twice = US_ASCII.encode(line + "\n" + line + "\n");
      while (twice.hasRemaining()) {
        int unused = file.write(twice);
      }
      file.force(true);
    }
    Path unused = Files.move(draft, format, StandardCopyOption.ATOMIC_MOVE);
    sync();
  }

  /** The numbers of all segments, from the oldest on. */
  List<Integer> numbers() throws IOException {
    try (Stream<Path> files = Files.list(path)) {
      return files
          .map(file -> SEGMENT.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .map(name -> Integer.valueOf(name.group(1)))
          .sorted()
          .toList();
    }
  }

  Path segment(int number) {
    return path.resolve(String.format(Locale.ROOT, "%09d.spool", number));
  }

  /** Makes the file of a segment, so that it is there after a power failure, too. */
  FileChannel create(int number) throws IOException {
    FileChannel file =
        FileChannel.open(
            segment(number),
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
            PRIVATE_FILE);
    boolean isThere = false;
    try {
      sync();
      isThere = true;
    } finally {
      if (!isThere) {
        file.close();
        // It would stay for ever, and one more with each try.
        boolean unused = Files.deleteIfExists(segment(number));
      }
    }
    return disk.apply(file);
  }

  /**
   * Deletes the oldest segment, or one in which nothing is. Whatever is deleted after it stays at
   * least as long after a power failure: it may say what of this one was forgotten.
   */
  void delete(int number) throws IOException {
    boolean unused = Files.deleteIfExists(segment(number));
    sync();
  }

  private void sync() throws IOException {
    try (FileChannel folder = FileChannel.open(path, StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  Path path() {
    return path;
  }

  /** With which each record of this spool begins. */
  int magic() {
    return magic;
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
