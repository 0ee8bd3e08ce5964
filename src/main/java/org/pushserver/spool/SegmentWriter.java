// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.UUID;

/**
 * Writes the newest segment: records are gathered in a buffer, and on disk when {@link #force} has
 * returned. Confined to one thread; blocks.
 */
final class SegmentWriter implements AutoCloseable {
  private static final int BUFFER = 256 << 10;

  private final int number;
  private final FileChannel file;
  private final int magic;
  private final ByteBuffer buffer;

  /** Where what is in the buffer will be. */
  private int written;

  /** Up to here all is on disk. */
  private int safe;

  /**
   * @param buffer one that this writer has for itself; {@link #buffer}
   */
  SegmentWriter(int number, FileChannel file, int magic, ByteBuffer buffer) {
    this.number = number;
    this.file = file;
    this.magic = magic;
    this.buffer = buffer.clear();
  }

  static ByteBuffer buffer() {
    return ByteBuffer.allocateDirect(BUFFER);
  }

  int number() {
    return number;
  }

  /** Where the next record begins. */
  int position() {
    return written + buffer.position();
  }

  /** Up to where it is on disk. */
  int safe() {
    return safe;
  }

  /**
   * Writes one that is kept.
   *
   * @return where it begins
   */
  int keep(UUID id, long recordNumber, byte[] content) throws IOException {
    int length = LogRecord.keptLength(content.length);
    int at = position();
    if (length > BUFFER) {
      ByteBuffer large = ByteBuffer.allocate(length);
      LogRecord.writeKept(large, magic, id, recordNumber, content);
      flush();
      write(large.flip());
      return at;
    }
    room(length);
    LogRecord.writeKept(buffer, magic, id, recordNumber, content);
    return at;
  }

  /** Writes that these are forgotten. */
  void forget(List<UUID> ids) throws IOException {
    int most = (BUFFER - LogRecord.BODY) / LogRecord.ID;
    for (int from = 0; from < ids.size(); from += most) {
      List<UUID> some = ids.subList(from, Math.min(ids.size(), from + most));
      room(LogRecord.forgottenLength(some.size()));
      int at = LogRecord.beginForgotten(buffer, magic, some.size());
      some.forEach(id -> LogRecord.write(id, buffer));
      LogRecord.end(buffer, at);
    }
  }

  /**
   * Writes a record as it is in another segment.
   *
   * @return where it begins
   */
  int copy(ByteBuffer record) throws IOException {
    int at = position();
    if (record.remaining() > BUFFER) {
      flush();
      write(record);
    } else {
      room(record.remaining());
      ByteBuffer unused = buffer.put(record);
    }
    return at;
  }

  private void room(int length) throws IOException {
    if (buffer.remaining() < length) {
      flush();
    }
  }

  private void flush() throws IOException {
    buffer.flip();
    write(buffer);
    ByteBuffer unused = buffer.clear();
  }

  private void write(ByteBuffer bytes) throws IOException {
    while (bytes.hasRemaining()) {
      written += file.write(bytes);
    }
  }

  /** Brings all that was written to the disk. */
  void force() throws IOException {
    flush();
    file.force(false);
    safe = written;
  }

  /** Tries whether there is room for so many more bytes; nothing of it stays. */
  void reserve(int bytes) throws IOException {
    flush();
    ByteBuffer zeros = ByteBuffer.allocate(bytes);
    while (zeros.hasRemaining()) {
      int unused = file.write(zeros, (long) written + zeros.position());
    }
    file.force(false);
    FileChannel unused = file.truncate(written);
  }

  /**
   * Cuts off what is not on disk, after an error: nothing of it was promised.
   *
   * @return whether that could be done
   */
  boolean cutBack() {
    try (file) {
      FileChannel unused = file.truncate(safe);
      file.force(true);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
