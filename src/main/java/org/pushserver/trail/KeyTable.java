// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;

/**
 * The keys of a closed file in order, each with the number of a block that has it: a few thousand
 * bytes with some hundred of them in a row, which takes a tenth of what an index of SQLite takes.
 * Blocks.
 */
final class KeyTable {
  private static final int BLOCK_BITS = Long.SIZE - 1 - TrailKeys.BITS;
  private static final long LAST_BLOCK = (1L << BLOCK_BITS) - 1;

  /** So many fill a page of the file, with what SQLite puts beside them. */
  private static final int IN_A_ROW = 500;

  /** The keys are sorted in so many parts, one after the other, to take less memory. */
  private static final int PART_BITS = 3;

  /** So many bits of the keys of a part differ. */
  private static final int OTHER_BITS = TrailKeys.BITS - PART_BITS;

  private static final int DIGIT = 12;

  private KeyTable() {}

  /** Makes the table from the blocks of the file. */
  static void make(Connection file) throws SQLException {
    TrailSchema.execute(file, "DELETE FROM key");
    long[] part = new long[1 << 12];
    NumberOrder order = new NumberOrder(DIGIT);
    try (PreparedStatement insert =
            file.prepareStatement("INSERT INTO key (first, keys) VALUES (?, ?)");
        PreparedStatement blocks =
            file.prepareStatement("SELECT no, keys FROM block ORDER BY no")) {
      for (int i = 0; i < 1 << PART_BITS; i++) {
        int count = 0;
        try (ResultSet row = blocks.executeQuery()) {
          while (row.next()) {
            long no = row.getLong(1);
            byte[] keys = row.getBytes(2);
            int from = TrailBlock.place(keys, (long) i << OTHER_BITS);
            int to = TrailBlock.place(keys, (i + 1L) << OTHER_BITS);
            if (count + to - from > part.length) {
              part = Arrays.copyOf(part, 2 * (count + to - from));
            }
            for (int k = from; k < to; k++) {
              part[count++] = TrailBlock.key(keys, k) << BLOCK_BITS | no;
            }
          }
        }
        // The blocks came in their order.
        order.sort(part, count, BLOCK_BITS, OTHER_BITS);
        write(insert, part, count);
      }
    }
  }

  private static void write(PreparedStatement insert, long[] sorted, int count)
      throws SQLException {
    for (int from = 0; from < count; from += IN_A_ROW) {
      int to = Math.min(count, from + IN_A_ROW);
      ByteBuffer row = ByteBuffer.allocate((to - from) * Long.BYTES);
      row.asLongBuffer().put(sorted, from, to - from);
      insert.setLong(1, sorted[from]);
      insert.setBytes(2, row.array());
      int unused = insert.executeUpdate();
    }
  }

  /**
   * The blocks that may have an entry with a key, newest first.
   *
   * @param before only those with a lower number
   * @param most so many at the most
   */
  static int[] find(Connection file, long key, int before, int most) throws SQLException {
    long lowest = key << BLOCK_BITS;
    long highest = lowest | Math.min(LAST_BLOCK, before - 1L);
    int[] found = new int[Math.min(most, 64)];
    int count = 0;
    try (Statement statement = file.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT keys FROM key WHERE first <= " + highest + " ORDER BY first DESC")) {
      boolean goesOn = before > 0;
      while (goesOn && row.next()) {
        long[] keys = longs(row.getBytes(1));
        int i = Arrays.binarySearch(keys, highest);
        for (i = i < 0 ? -i - 2 : i; i >= 0 && keys[i] >= lowest && count < most; i--) {
          if (count == found.length) {
            found = Arrays.copyOf(found, 2 * count);
          }
          found[count++] = (int) (keys[i] & LAST_BLOCK);
        }
        goesOn = i < 0 && count < most;
      }
    }
    return Arrays.copyOf(found, count);
  }

  private static long[] longs(byte[] bytes) {
    long[] longs = new long[bytes.length / Long.BYTES];
    ByteBuffer.wrap(bytes).asLongBuffer().get(longs);
    return longs;
  }
}
