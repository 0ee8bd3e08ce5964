// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Set;
import java.util.zip.CRC32C;

/**
 * The keys of a closed file in order, each with the number of a block that has it, in a file beside
 * it: 8 bytes each. A search asks it whether it has to open the other, which takes SQLite twenty
 * times as long. It can be made again at any time. Blocks; confined to one thread.
 */
final class KeyIndex implements AutoCloseable {
  /** What its name has behind that of the file. */
  static final String SUFFIX = "-keys";

  private static final int BLOCK_BITS = Long.SIZE - 1 - TrailKeys.BITS;
  private static final long LAST_BLOCK = (1L << BLOCK_BITS) - 1;

  /** The first bytes: that it is one, in this form. */
  private static final long KIND = 0x50535449_00000001L;

  private static final int HEADER_BYTES = 64;

  /** Before its checksum. */
  private static final int SUMMARY_BYTES = 6 * Long.BYTES;

  /** So many keys are read together. */
  private static final int PAGE = 512;

  /** The keys are sorted in so many parts, one after the other, to take less memory. */
  private static final int PART_BITS = 3;

  /** So many bits of the keys of a part differ. */
  private static final int OTHER_BITS = TrailKeys.BITS - PART_BITS;

  private static final int DIGIT = 12;

  /** Keys are spread evenly, but for a few: each so manieth guess is the middle. */
  private static final int HALVE = 4;

  private final FileChannel file;
  private final long count;
  private final TrailReader.Summary summary;
  private final ByteBuffer page = ByteBuffer.allocate(PAGE * Long.BYTES);

  /** The place of the first key that was read; -1 for none. */
  private long first = -1;

  private KeyIndex(FileChannel file, long count, TrailReader.Summary summary) {
    this.file = file;
    this.count = count;
    this.summary = summary;
  }

  /** Where the index of a file is. */
  static Path path(Path trail) {
    return trail.resolveSibling(trail.getFileName() + SUFFIX);
  }

  /**
   * Makes the index of a file that has no other entries to come; it is on the disk when this
   * returns. Who reads it meanwhile takes it for none.
   */
  static void make(Path trail, Connection from) throws IOException, SQLException {
    Path path = path(trail);
    boolean made = false;
    // Its beginning comes last.
    try (FileChannel to =
        FileChannel.open(
            path,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE),
            TrailFile.OURS)) {
      to.position(HEADER_BYTES);
      long count = write(to, from);
      to.force(false);
      write(header(count, TrailReader.summary(from)), to.position(0));
      to.force(false);
      made = true;
    } finally {
      if (!made) {
        // The disk may be full.
        boolean unused = Files.deleteIfExists(path);
      }
    }
  }

  private static long write(FileChannel to, Connection from) throws IOException, SQLException {
    long all = 0;
    long[] part = new long[1 << 12];
    NumberOrder order = new NumberOrder(DIGIT);
    try (PreparedStatement blocks =
        from.prepareStatement("SELECT no, keys FROM block ORDER BY no")) {
      for (int i = 0; i < 1 << PART_BITS; i++) {
        int count = 0;
        try (ResultSet row = blocks.executeQuery()) {
          while (row.next()) {
            long no = row.getLong(1);
            byte[] keys = row.getBytes(2);
            int low = TrailBlock.place(keys, (long) i << OTHER_BITS);
            int high = TrailBlock.place(keys, (i + 1L) << OTHER_BITS);
            if (count + high - low > part.length) {
              part = Arrays.copyOf(part, 2 * (count + high - low));
            }
            for (int k = low; k < high; k++) {
              part[count++] = TrailBlock.key(keys, k) << BLOCK_BITS | no;
            }
          }
        }
        // The blocks came in their order.
        order.sort(part, count, BLOCK_BITS, OTHER_BITS);
        write(part, count, to);
        all += count;
      }
    }
    return all;
  }

  private static void write(long[] sorted, int count, FileChannel to) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(16 * PAGE * Long.BYTES);
    int done = 0;
    while (done < count) {
      int some = Math.min(count - done, 16 * PAGE);
      bytes.clear().asLongBuffer().put(sorted, done, some);
      write(bytes.limit(some * Long.BYTES), to);
      done += some;
    }
  }

  private static void write(ByteBuffer bytes, FileChannel to) throws IOException {
    while (bytes.hasRemaining()) {
      int unused = to.write(bytes);
    }
  }

  private static ByteBuffer header(long count, TrailReader.Summary summary) {
    ByteBuffer header =
        ByteBuffer.allocate(HEADER_BYTES)
            .putLong(KIND)
            .putLong(count)
            .putLong(summary.entries())
            .putLong(summary.notes())
            .putLong(summary.firstAt())
            .putLong(summary.lastAt());
    return header.putLong(checksum(header)).rewind();
  }

  private static long checksum(ByteBuffer header) {
    CRC32C sum = new CRC32C();
    sum.update(header.slice(0, SUMMARY_BYTES));
    return sum.getValue();
  }

  /**
   * Opens the index of a file.
   *
   * @return null when there is none, or none that is whole
   */
  static KeyIndex open(Path trail) throws IOException {
    FileChannel file;
    try {
      file = FileChannel.open(path(trail), StandardOpenOption.READ);
    } catch (NoSuchFileException e) {
      return null;
    }
    KeyIndex index = null;
    try {
      index = of(file);
      return index;
    } finally {
      if (index == null) {
        file.close();
      }
    }
  }

  private static KeyIndex of(FileChannel file) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES);
    if (file.read(header, 0) < HEADER_BYTES || header.flip().getLong() != KIND) {
      return null;
    }
    long count = header.getLong();
    TrailReader.Summary summary =
        new TrailReader.Summary(
            header.getLong(), header.getLong(), header.getLong(), header.getLong());
    boolean whole =
        header.getLong() == checksum(header) && file.size() == HEADER_BYTES + count * Long.BYTES;
    return whole ? new KeyIndex(file, count, summary) : null;
  }

  /** What is known of its file as a whole. */
  TrailReader.Summary summary() {
    return summary;
  }

  /**
   * The blocks that may have an entry with a key, newest first.
   *
   * @param before only those with a lower number
   * @param most so many at the most
   */
  int[] find(long key, int before, int most) throws IOException {
    long lowest = key << BLOCK_BITS;
    long highest = lowest | Math.min(LAST_BLOCK, Math.max(0, before - 1L));
    int[] found = new int[16];
    int many = 0;
    for (long place = place(highest) - 1; place >= 0 && many < most; place--) {
      long one = at(place);
      if (one <= lowest) {
        // Blocks have numbers from 1.
        break;
      }
      if (many == found.length) {
        found = Arrays.copyOf(found, 2 * many);
      }
      found[many++] = (int) (one & LAST_BLOCK);
    }
    return Arrays.copyOf(found, many);
  }

  /** The place of the first that is higher; behind the last when none is. */
  private long place(long wanted) throws IOException {
    long low = 0;
    long high = count;
    long below = 0;
    long above = Long.MAX_VALUE;
    for (int step = 1; low < high; step++) {
      double part = step % HALVE == 0 ? 0.5 : (double) (wanted - below) / (above - below);
      read(Math.min(high - 1, low + (long) (part * (high - low))));
      int many = page.limit() / Long.BYTES;
      if (key(0) > wanted) {
        high = first;
        above = key(0);
      } else if (key(many - 1) <= wanted) {
        low = first + many;
        below = key(many - 1);
      } else {
        return first + place(wanted, many);
      }
    }
    return low;
  }

  private int place(long wanted, int many) {
    int low = 0;
    int high = many;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (key(middle) <= wanted) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private long at(long place) throws IOException {
    read(place);
    return key((int) (place - first));
  }

  private long key(int index) {
    return page.getLong(index * Long.BYTES);
  }

  /** Reads those about a place, unless they are there. */
  private void read(long place) throws IOException {
    long wanted = place / PAGE * PAGE;
    if (wanted == first) {
      return;
    }
    first = -1;
    page.clear().limit((int) Math.min(PAGE, count - wanted) * Long.BYTES);
    while (page.hasRemaining()) {
      if (file.read(page, HEADER_BYTES + wanted * Long.BYTES + page.position()) < 0) {
        throw new IOException("an index has become shorter");
      }
    }
    page.flip();
    first = wanted;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
