// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;

/**
 * What a former process has left in a spool: read once to see what lives, and again to hand that
 * on. Confined to one thread; blocks.
 *
 * <p>Where something is damaged, it cannot be known what was kept there, nor what was forgotten.
 * What was kept is lost. What was kept before may have been forgotten there: it is handed on with
 * that said of it, never silently.
 */
final class LeftRecords implements SegmentReader.Contents {
  private final SpoolFolder folder;
  private final SpoolIndex index;
  private final SpoolNews news;

  /** By slot. */
  private long[] numbers = new long[1024];

  private final BitSet doubtful = new BitSet();
  private long highest;
  private int segment;
  private boolean isLast;
  private int tornAt;

  LeftRecords(SpoolFolder folder, SpoolIndex index, SpoolNews news) {
    this.folder = folder;
    this.index = index;
    this.news = news;
  }

  /** Sees what lives. */
  void scan() throws IOException {
    SegmentReader reader = new SegmentReader(folder.magic());
    List<Integer> all = folder.numbers();
    for (int i = 0; i < all.size(); i++) {
      int missing = i == 0 ? 0 : all.get(i) - all.get(i - 1) - 1;
      if (missing > 0) {
        lost(missing + " files of " + folder.path() + " before " + name(all.get(i)) + " are gone");
      }
      segment = all.get(i);
      isLast = i == all.size() - 1;
      tornAt = -1;
      if (isRead(reader, folder.segment(segment)) && tornAt >= 0) {
        cut(folder.segment(segment));
      }
    }
  }

  /** One that cannot be read must not keep the server from its start. */
  private boolean isRead(SegmentReader reader, Path path) throws IOException {
    index.size(segment, 0);
    try {
      index.size(segment, Files.size(path));
      reader.read(path, this);
      return true;
    } catch (IOException e) {
      index.deleted(segment);
      Path aside = folder.setAside(path);
      lost(path + " cannot be read (" + e.getMessage() + "), and is " + aside + " from now on");
      return false;
    }
  }

  /** So that what was not whole is no damage in the midst of the log the next time. */
  private void cut(Path path) throws IOException {
    try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
      FileChannel unused = file.truncate(tornAt);
      file.force(true);
    }
    index.size(segment, tornAt);
  }

  private String name(int number) {
    return String.valueOf(folder.segment(number).getFileName());
  }

  @Override
  public void record(ByteBuffer bytes, int at, int length) {
    int body = at + LogRecord.BODY;
    if (LogRecord.type(bytes, at) == LogRecord.KEPT) {
      kept(id(bytes, body), LogRecord.number(bytes, at), at, length);
    } else {
      for (int place = body; place < at + length; place += LogRecord.ID) {
        boolean unused = index.forget(id(bytes, place));
      }
    }
  }

  private static UUID id(ByteBuffer bytes, int at) {
    return new UUID(bytes.getLong(at), bytes.getLong(at + Long.BYTES));
  }

  private void kept(UUID id, long number, int at, int length) {
    int slot = index.put(id, segment, at, length);
    if (slot >= numbers.length) {
      numbers = Arrays.copyOf(numbers, numbers.length * 2);
    }
    numbers[slot] = number;
    doubtful.clear(slot);
    highest = Math.max(highest, number);
  }

  @Override
  public void damage(int from, int to, boolean isEnd, boolean isCut) {
    String place = folder.segment(segment) + ", from byte " + from + " to byte " + to;
    if (isEnd && isLast) {
      tornAt = from;
    }
    if (isCut && isLast) {
      news.damaged(
          place
              + ": the last record is not whole, because the server or the machine stopped while it"
              + " was written; it is left out");
    } else {
      lost(place + ": this is damaged");
    }
  }

  private void lost(String what) {
    int[] before = index.records().slots(LiveRecords.NONE);
    for (int slot : before) {
      doubtful.set(slot);
    }
    news.damaged(
        what
            + ". Pushes that were kept there are lost. "
            + before.length
            + " that were kept before may have ended already: each of them may reach its phone twice");
  }

  /** The highest number of a record. */
  long highest() {
    return highest;
  }

  /** Hands on what lives, in the order in which it was kept. */
  void handOn(SpoolLog.Left to) throws IOException {
    LiveRecords live = index.records();
    int[] order =
        Arrays.stream(live.slots(LiveRecords.NONE))
            .boxed()
            .sorted(Comparator.comparingLong(slot -> numbers[slot]))
            .mapToInt(slot -> slot)
            .toArray();
    int unread = 0;
    try (RecordWindow window = new RecordWindow(folder)) {
      for (int slot : order) {
        byte[] content = content(window, live, slot);
        if (content == null) {
          unread++;
        } else {
          to.record(live.id(slot), content, doubtful.get(slot));
        }
      }
    }
    if (unread > 0) {
      news.damaged(unread + " pushes in " + folder.path() + " cannot be read: they are lost");
    }
  }

  /** Null when it cannot be read, now. */
  private static byte[] content(RecordWindow window, LiveRecords live, int slot) {
    int before = LogRecord.keptLength(0);
    try {
      return window.read(
          live.segment(slot), live.offset(slot) + before, live.length(slot) - before);
    } catch (IOException | IndexOutOfBoundsException e) {
      return null;
    }
  }
}
