// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.pushserver.spi.Reason;

/**
 * What comes to the files of the trail, asked for now and then: for who cannot be told by a server.
 * Blocks; confined to one thread.
 */
public final class TrailTail {
  /** In one look; whoever asks so seldom that there are more misses the oldest of them. */
  private static final int MOST_BLOCKS = 1000;

  private final TrailFiles files;

  /** Where the last look ended: the file by when it was begun, and the block in it. */
  private long since = Long.MIN_VALUE;

  private int block;
  private boolean looked;

  /**
   * @param folder where the files are; need not be there yet
   */
  public TrailTail(Path folder) {
    this.files = new TrailFiles(folder);
  }

  /**
   * What has come since the last look, the oldest first; nothing at the first one.
   *
   * @throws IOException when the files cannot be read at the moment; the next look tells all
   */
  public List<TrailEntry> next() throws IOException {
    List<TrailEntry> found = new ArrayList<>();
    List<StoredFile> there = new ArrayList<>(files.list());
    Collections.reverse(there);
    for (StoredFile file : there) {
      if (file.since() >= since) {
        look(file, found);
      }
    }
    looked = true;
    return found;
  }

  private void look(StoredFile file, List<TrailEntry> found) throws IOException {
    int last = file.since() == since ? block : 0;
    try (TrailReader reader = TrailReader.open(file.path(), file.closed())) {
      int[] blocks =
          reader.blocksOf(0, Long.MAX_VALUE, Integer.MAX_VALUE, looked ? MOST_BLOCKS : 1);
      for (int i = blocks.length - 1; i >= 0; i--) {
        if (looked && blocks[i] > last) {
          found.addAll(entries(reader, blocks[i]));
        }
      }
      since = file.since();
      block = blocks.length == 0 ? last : blocks[0];
    } catch (SQLException e) {
      throw new IOException(file.name() + ": " + Reason.of(e), e);
    }
  }

  /** Of a block that is damaged nothing, and the others go on: a search tells of it. */
  private static List<TrailEntry> entries(TrailReader reader, int no) throws SQLException {
    try {
      return reader.block(no).entries();
    } catch (DamagedTrailException e) {
      return List.of();
    }
  }
}
