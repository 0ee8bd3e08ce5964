// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** The bytes of a pickle, which knows how far it was read and how much there is. */
final class PickleInput extends FilterInputStream {
  private static final int BUFFER = 1 << 16;
  private static final int BYTE = 0xff;

  private final long size;
  private long position;

  private PickleInput(InputStream in, long size) {
    super(new BufferedInputStream(in, BUFFER));
    this.size = size;
  }

  static PickleInput open(Path file) throws IOException {
    long size = Files.size(file);
    return new PickleInput(Files.newInputStream(file), size);
  }

  /** How many bytes were read. */
  long position() {
    return position;
  }

  /** How many there are still. */
  long left() {
    return size - position;
  }

  /**
   * A number that comes next, and is not read by this.
   *
   * @param bytes how many it has, the lowest first
   * @return negative, too, where it has eight; what is missing at the end counts as zero
   */
  long peek(int bytes) throws IOException {
    in.mark(bytes);
    long number = 0;
    byte[] next = in.readNBytes(bytes);
    for (int i = next.length - 1; i >= 0; i--) {
      number = number << Byte.SIZE | (next[i] & BYTE);
    }
    in.reset();
    return number;
  }

  @Override
  public int read() throws IOException {
    int read = in.read();
    position += read < 0 ? 0 : 1;
    return read;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    int read = in.read(bytes, offset, length);
    position += Math.max(0, read);
    return read;
  }

  /** Not for others: the position would be wrong afterwards. */
  @Override
  public boolean markSupported() {
    return false;
  }
}
