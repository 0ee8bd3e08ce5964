// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;

/** Standard output, past {@link System#out} and its lock. */
final class ConsoleSink extends ChannelSink {
  private static final FileChannel OUT = new FileOutputStream(FileDescriptor.out).getChannel();

  ConsoleSink(Format format) {
    super(format);
  }

  @Override
  FileChannel channel() throws IOException {
    return OUT;
  }

  /** Others print there, too. */
  @Override
  public void close() {}
}
