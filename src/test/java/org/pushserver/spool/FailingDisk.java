// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

/** Files that are written as they should, until told to fail as a bad disk does. Any thread. */
final class FailingDisk implements UnaryOperator<FileChannel> {
  /** How the system says that a disk failed. */
  static final String ERROR = "Input/output error";

  /** How many files were begun. */
  final AtomicInteger begun = new AtomicInteger();

  volatile boolean failsToWrite;
  volatile boolean failsToForce;

  @Override
  public FileChannel apply(FileChannel file) {
    begun.incrementAndGet();
    return new Failing(file);
  }

  private static void fail(boolean does) throws IOException {
    if (does) {
      throw new IOException(ERROR);
    }
  }

  private final class Failing extends FileChannel {
    private final FileChannel file;

    Failing(FileChannel file) {
      this.file = file;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      if (failsToWrite) {
        // Some of it has come to the disk.
        ByteBuffer half = bytes.duplicate();
        int unused = file.write(half.limit(half.position() + half.remaining() / 2));
      }
      fail(failsToWrite);
      return file.write(bytes);
    }

    @Override
    public int write(ByteBuffer bytes, long at) throws IOException {
      fail(failsToWrite);
      return file.write(bytes, at);
    }

    @Override
    public long write(ByteBuffer[] bytes, int from, int count) throws IOException {
      fail(failsToWrite);
      return file.write(bytes, from, count);
    }

    @Override
    public void force(boolean all) throws IOException {
      fail(failsToForce);
      file.force(all);
    }

    @Override
    public int read(ByteBuffer to) throws IOException {
      return file.read(to);
    }

    @Override
    public long read(ByteBuffer[] to, int from, int count) throws IOException {
      return file.read(to, from, count);
    }

    @Override
    public int read(ByteBuffer to, long at) throws IOException {
      return file.read(to, at);
    }

    @Override
    public long position() throws IOException {
      return file.position();
    }

    @Override
    public FileChannel position(long at) throws IOException {
      return file.position(at);
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      return file.truncate(size);
    }

    @Override
    public long transferTo(long at, long count, WritableByteChannel to) throws IOException {
      return file.transferTo(at, count, to);
    }

    @Override
    public long transferFrom(ReadableByteChannel from, long at, long count) throws IOException {
      return file.transferFrom(from, at, count);
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long at, long size) throws IOException {
      return file.map(mode, at, size);
    }

    @Override
    public FileLock lock(long at, long size, boolean isShared) throws IOException {
      return file.lock(at, size, isShared);
    }

    @Override
    public FileLock tryLock(long at, long size, boolean isShared) throws IOException {
      return file.tryLock(at, size, isShared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }
  }
}
