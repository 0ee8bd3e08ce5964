// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies what still lives in one old segment to the newest, a part at a time, so that the old one
 * can go: a few messages that wait for hours must not keep the traces of all that ended since.
 * Confined to the writer's thread; blocks.
 */
final class SpoolCarrier implements AutoCloseable {
  /** One after the other, so that what is kept meanwhile has not long to wait. */
  private static final int AT_A_TIME = 512 << 10;

  /** Where a record was when this began, if it still is there. */
  record Place(int slot, int offset, int length) {}

  /** Knows what still lives. */
  interface Living {
    /** Whether the record of a slot is in this segment, at this place. */
    boolean isAt(int slot, int segment, int offset);
  }

  private final int segment;
  private final List<Place> places;

  /** Null when it cannot be opened. */
  private final FileChannel file;

  private final int magic;
  private int next;

  /**
   * @param places of all that lives in the segment
   */
  SpoolCarrier(int segment, Path path, List<Place> places, int magic) throws IOException {
    this.segment = segment;
    this.places = places;
    this.magic = magic;
    this.file = open(path);
  }

  private static FileChannel open(Path path) throws IOException {
    try {
      return FileChannel.open(path, StandardOpenOption.READ);
    } catch (IOException e) {
      if (SpoolFault.isOfProcess(e)) {
        throw e;
      }
      // New pushes are not to suffer.
      return null;
    }
  }

  /** Whether nothing of it can be read. */
  boolean isUnreadable() {
    return file == null;
  }

  int segment() {
    return segment;
  }

  boolean isDone() {
    return next == places.size();
  }

  /**
   * Copies some.
   *
   * @param lives whether a record is still where it was
   * @param damaged gets the place of each that is not as it was written, which is left behind
   * @return what was copied, and is good when {@code to} has been forced to the disk
   */
  List<CarriedRecord> carry(SegmentWriter to, Living lives, List<Place> damaged)
      throws IOException {
    List<CarriedRecord> carried = new ArrayList<>();
    int bytes = 0;
    while (bytes < AT_A_TIME && next < places.size()) {
      Place place = places.get(next++);
      if (!lives.isAt(place.slot(), segment, place.offset())) {
        continue;
      }
      ByteBuffer record = read(place);
      if (LogRecord.length(record, 0, magic) == place.length()) {
        int at = to.copy(record);
        carried.add(new CarriedRecord(place.slot(), segment, place.offset(), to.number(), at));
      } else {
        damaged.add(place);
      }
      bytes += file == null ? 0 : place.length();
    }
    return carried;
  }

  /**
   * With less than there should be when the disk does not give it: new pushes are not to suffer.
   */
  private ByteBuffer read(Place place) {
    if (file == null) {
      return ByteBuffer.allocate(0);
    }
    ByteBuffer record = ByteBuffer.allocate(place.length());
    try {
      while (record.hasRemaining() && file.read(record, place.offset() + record.position()) >= 0) {
        // All of it.
      }
    } catch (IOException e) {
      record.clear();
    }
    return record.flip();
  }

  @Override
  public void close() throws IOException {
    if (file != null) {
      file.close();
    }
  }
}
