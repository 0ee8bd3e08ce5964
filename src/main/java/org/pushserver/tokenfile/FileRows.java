// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokenfile;

import java.io.Closeable;
import java.io.IOException;

/** The devices in a file, one after the other. Confined to one thread; to be closed. */
interface FileRows extends Closeable {
  /**
   * The next one. Blocks.
   *
   * @return null when there is none any more
   * @throws BadTokenFileException when nothing of the rest can be read
   */
  FileRow next() throws IOException, BadTokenFileException;

  @Override
  void close() throws IOException;
}
