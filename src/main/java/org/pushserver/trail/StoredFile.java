// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.nio.file.Path;

/**
 * A file of the trail that is there.
 *
 * @param path where
 * @param since when it was begun, milliseconds since the epoch: what it holds ended after that, and
 *     before the next file was begun
 * @param closed whether it never changes any more
 * @param bytes how long it is
 */
record StoredFile(Path path, long since, boolean closed, long bytes) {
  /** What it is called, without the folder. */
  String name() {
    return path.getFileName().toString();
  }
}
