// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.nio.file.Path;
import java.sql.SQLException;

/** A file of the trail, written as a server writes it. Blocks; one thread. */
public final class WrittenTrail implements AutoCloseable {
  private final Path path;
  private final TrailFile file;
  private final TrailBatch batch = new TrailBatch();

  private WrittenTrail(Path path) throws SQLException {
    this.path = path;
    this.file = TrailFile.create(path);
  }

  /**
   * Begins a file.
   *
   * @param folder which is there
   * @param begun by which it is named
   */
  public WrittenTrail(Path folder, long begun) throws SQLException {
    this(new TrailFiles(folder).next(begun));
  }

  /** Begins one at a path. */
  static WrittenTrail create(Path path) throws SQLException {
    return new WrittenTrail(path);
  }

  /** Adds entries; they are there when it returns. */
  public void put(TrailEntry... entries) throws SQLException {
    for (TrailEntry entry : entries) {
      add(entry);
    }
    commit();
  }

  /** Adds an entry, to be there after {@link #commit}. */
  void add(TrailEntry entry) {
    batch.add(entry);
  }

  /** The same with a note. */
  void add(TrailNote note) {
    batch.add(note);
  }

  /** Adds what there is to the file, without making sure of it. */
  void write() throws SQLException {
    batch.addTo(file);
    batch.clear();
  }

  /** Makes sure of what was added. */
  void commit() throws SQLException {
    write();
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
