// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads segments from their begin to their end, one after the other. Blocks. */
final class SegmentReader {
  private static final int USUAL = 1 << 20;

  /** No segment of ours is longer. */
  private static final int LONGEST = 128 << 20;

  /** Is told what is in a segment, in its order. */
  interface Contents {
    /** A whole record, of any kind. */
    void record(ByteBuffer bytes, int at, int length);

    /**
     * Bytes that are no record as it was written, up to the next one that is.
     *
     * @param isEnd whether no other record follows in this segment
     * @param isCut whether it is what there is of a record that was being written
     */
    void damage(int from, int to, boolean isEnd, boolean isCut);
  }

  private final int magic;
  private ByteBuffer bytes = ByteBuffer.allocate(USUAL);

  /**
   * @param magic with which each record begins
   */
  SegmentReader(int magic) {
    this.magic = magic;
  }

  void read(Path segment, Contents contents) throws IOException {
    try (FileChannel file = FileChannel.open(segment, StandardOpenOption.READ)) {
      int size = (int) Math.min(file.size(), LONGEST);
      if (bytes.capacity() < size) {
        bytes = ByteBuffer.allocate(size);
      }
      bytes.clear().limit(size);
      while (bytes.hasRemaining() && file.read(bytes) >= 0) {
        // All of it.
      }
      bytes.flip();
    }
    int at = 0;
    while (at < bytes.limit()) {
      int length = LogRecord.length(bytes, at, magic);
      if (length != 0) {
        contents.record(bytes, at, length);
        at += length;
      } else {
        int next = LogRecord.next(bytes, at + 1, magic);
        boolean isEnd = next == bytes.limit();
        contents.damage(at, next, isEnd, isEnd && LogRecord.isCut(bytes, at, magic));
        at = next;
      }
    }
  }
}
