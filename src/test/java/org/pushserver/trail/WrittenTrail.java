// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.nio.file.Path;
import java.sql.SQLException;

/** A file of the trail, written as a server writes it. Blocks; one thread. */
public final class WrittenTrail implements AutoCloseable {
  private final Path path;
  private final TrailFile file;

  /**
   * Begins a file.
   *
   * @param folder which is there
   * @param begun by which it is named
   */
  public WrittenTrail(Path folder, long begun) throws SQLException {
    path = new TrailFiles(folder).next(begun);
    file = TrailFile.create(path);
  }

  /** Adds entries; they are there when it returns. */
  public void put(TrailEntry... entries) throws SQLException {
    for (TrailEntry entry : entries) {
      file.add(entry);
    }
    file.commit();
  }

  /** Closes it for good, as a server does after an hour. */
  public void finish() throws Exception {
    file.close();
    TrailFile.finish(path);
  }

  @Override
  public void close() throws SQLException {
    file.close();
  }
}
