// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;

/**
 * Reads parts of segments by their place, quickly when they come one behind the other. Confined to
 * one thread; blocks.
 */
final class RecordWindow implements AutoCloseable {
  private static final int SIZE = 256 << 10;

  private final SpoolFolder folder;
  private ByteBuffer window = ByteBuffer.allocateDirect(SIZE).limit(0);
  private FileChannel file;
  private int segment = SpoolIndex.NONE;
  private int begin;

  RecordWindow(SpoolFolder folder) {
    this.folder = folder;
  }

  /** The bytes at a place, which must be there. */
  byte[] read(int wanted, int at, int length) throws IOException {
    if (wanted != segment || at < begin || at - begin + length > window.limit()) {
      move(wanted, at, length);
    }
    byte[] bytes = new byte[length];
    ByteBuffer unused = window.get(at - begin, bytes);
    return bytes;
  }

  private void move(int wanted, int at, int length) throws IOException {
    if (wanted != segment) {
      close();
      file = FileChannel.open(folder.segment(wanted), StandardOpenOption.READ);
      segment = wanted;
    }
    if (length > window.capacity()) {
      window = ByteBuffer.allocateDirect(length);
    }
    begin = at;
    window.clear();
    while (window.hasRemaining() && file.read(window, (long) at + window.position()) >= 0) {
      // As much as there is.
    }
    window.flip();
  }

  @Override
  public void close() throws IOException {
    segment = SpoolIndex.NONE;
    if (file != null) {
      file.close();
    }
  }
}
