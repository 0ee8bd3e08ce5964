// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The one thread of a spool that writes, and waits for the disk. After an error the segment is
 * given up, up to where it is known to be on disk: what a system says of a file whose write failed
 * is not to be relied on. The next try is in a new one.
 */
final class SpoolWriter implements Runnable {
  /** A segment that is longer is followed by a new one. */
  private static final int SEGMENT = 8 << 20;

  /** When there was no room, so much has to be free before anything is promised again. */
  private static final int ROOM = 256 << 10;

  private final SpoolQueue queue;
  private final SpoolSegments segments;
  private final SpoolFolder folder;
  private final SpoolNews news;
  private final ByteBuffer buffer = SegmentWriter.buffer();
  private long number;

  /** It has been said that a file cannot be deleted. */
  private boolean isUntidy;

  /** Null until something is written, and after an error. */
  private SegmentWriter segment;

  /** Null while nothing is carried. */
  private SpoolCarrier carrier;

  /**
   * @param number of the next record
   */
  SpoolWriter(SpoolQueue queue, SpoolFolder folder, SpoolNews news, long number) {
    this.queue = queue;
    this.segments = queue.segments();
    this.folder = folder;
    this.news = news;
    this.number = number;
  }

  @Override
  public void run() {
    try {
      SpoolBatch batch = queue.take(newest());
      while (batch != null) {
        write(batch);
        batch = queue.take(newest());
      }
    } finally {
      end();
    }
  }

  private int newest() {
    return segment == null ? SpoolIndex.NONE : segment.number();
  }

  private void write(SpoolBatch batch) {
    try {
      if (queue.hasProblem()) {
        findRoom();
      }
      List<CarriedRecord> carried = new ArrayList<>();
      if (!batch.forgotten.isEmpty()) {
        open();
        segment.forget(batch.forgotten);
      }
      for (PendingRecord one : batch.kept.values()) {
        write(one);
      }
      carry(carried);
      if (segment != null) {
        segment.force();
        segments.size(segment.number(), segment.safe());
      }
      queue.written(batch, carried);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      giveUp(batch, e);
    }
    tidy();
  }

  private void write(PendingRecord one) throws IOException {
    byte[] content = content(one);
    if (content == null) {
      return;
    }
    open();
    one.offset = segment.keep(one.id, number++, content);
    one.length = LogRecord.keptLength(content.length);
    one.segment = segment.number();
  }

  /** Null when it has none that can be kept: that is its own fault, and not the disk's. */
  private byte[] content(PendingRecord one) {
    try {
      byte[] content = one.content.get();
      if (content.length > LogRecord.LONGEST - LogRecord.NAME) {
        throw new IllegalArgumentException("it has " + content.length + " bytes");
      }
      return content;
    } catch (RuntimeException e) {
      one.fail(new SpoolException("this push cannot be kept: " + e.getMessage(), e));
      return null;
    }
  }

  /** Makes sure that there is a segment with room. */
  private void open() throws IOException {
    if (segment != null && segment.position() < SEGMENT) {
      return;
    }
    leave();
    int next = folder.numbers().stream().mapToInt(known -> known + 1).max().orElse(1);
    segment = new SegmentWriter(next, folder.create(next), folder.magic(), buffer);
    segments.size(next, 0);
  }

  private void leave() throws IOException {
    if (segment != null) {
      segment.force();
      segments.size(segment.number(), segment.safe());
      segment.close();
      segment = null;
    }
  }

  /** After an error: is there room again, and not only for a moment? */
  private void findRoom() throws IOException {
    open();
    segment.reserve(ROOM);
  }

  private void carry(List<CarriedRecord> carried) throws IOException {
    if (carrier == null) {
      carrier = segments.carrier(newest());
    }
    if (carrier == null) {
      return;
    }
    open();
    List<SpoolCarrier.Place> damaged = new ArrayList<>();
    carried.addAll(carrier.carry(segment, segments::isAt, damaged));
    if (!damaged.isEmpty()) {
      segments.lost(carrier.segment(), damaged);
      news.damaged(
          folder.segment(carrier.segment())
              + (carrier.isUnreadable()
                  ? " has gone, or cannot be read; nobody but the server is to delete there. "
                  : ", at byte "
                      + damaged.get(0).offset()
                      + ": this is damaged now, and was not when the server started; look at the"
                      + " disk. ")
              + damaged.size()
              + " pushes that wait would be lost if the server ended now");
    }
    if (carrier.isDone()) {
      carrier.close();
      carrier = null;
    }
  }

  /** Also while nothing can be written: what ends makes room. */
  private void tidy() {
    int dead = segments.dead(newest());
    try {
      while (dead != SpoolIndex.NONE) {
        delete(dead);
        dead = segments.dead(newest());
      }
      isUntidy = false;
    } catch (IOException | RuntimeException e) {
      // All that was promised is on disk. What was forgotten is still in there: none may be left
      // out.
      queue.tidyLater();
      if (!isUntidy && !queue.hasProblem()) {
        isUntidy = true;
        news.damaged(SpoolFault.undeleted(folder.segment(dead), e));
      }
    }
  }

  private void delete(int number) throws IOException {
    folder.delete(number);
    segments.deleted(number);
  }

  private void giveUp(SpoolBatch batch, Throwable cause) {
    List<PendingRecord> kept = new ArrayList<>();
    List<PendingRecord> remains = new ArrayList<>();
    int current = newest();
    int safe = segment == null ? 0 : segment.safe();
    boolean isCut = segment == null || segment.cutBack();
    for (PendingRecord one : batch.kept.values()) {
      if (one.segment == SpoolIndex.NONE) {
        continue;
      }
      if (one.segment != current || one.offset + one.length <= safe) {
        kept.add(one);
      } else if (!isCut) {
        remains.add(one);
      }
    }
    if (isCut && current != SpoolIndex.NONE && safe == 0) {
      deleteEmpty(current);
    }
    segment = null;
    dropCarrier();
    queue.failed(batch, kept, remains, cause);
  }

  /** Each try that fails makes one, and the oldest of all may stay for hours. */
  private void deleteEmpty(int number) {
    try {
      delete(number);
    } catch (IOException e) {
      // Then it goes with all others.
    }
  }

  private void dropCarrier() {
    if (carrier != null) {
      try {
        carrier.close();
      } catch (IOException e) {
        // It was only read.
      }
      carrier = null;
    }
  }

  private void end() {
    dropCarrier();
    try {
      if (segment != null) {
        segment.close();
        segment = null;
      }
    } catch (IOException e) {
      // All that was promised is on disk.
    }
    // Where nothing is left, no trace of it is, either.
    tidy();
    try {
      folder.close();
    } catch (IOException e) {
      // The process ends, and its locks with it.
    }
    queue.ended();
  }
}
