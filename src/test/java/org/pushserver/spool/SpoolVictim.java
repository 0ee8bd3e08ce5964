// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/**
 * A process that keeps and forgets until it is killed, and says of each record when it is kept,
 * when it begins to forget it, and when that is on disk.
 */
final class SpoolVictim {
  /** How many live at a time. */
  private static final int LIVE = 300;

  private SpoolVictim() {}

  public static void main(String[] arguments) throws Exception {
    // Small, so that segments go and what lives is carried on all the time.
    SpoolLog log =
        SpoolLog.open(
            Path.of(arguments[0]), Duration.ofSeconds(10), new PrintedNews(System.out), 1 << 20);
    Deque<Integer> live = new ArrayDeque<>();
    List<UUID> marks = new ArrayList<>();
    log.load(
        (id, content, mayHaveEnded) -> {
          int number = number(id, content);
          if (number < 0) {
            marks.add(id);
          } else {
            live.add(number);
          }
        });
    log.start();
    marks.forEach(log::forget);
    int first = Integer.parseInt(arguments[1]);
    Random random = new Random(first);
    for (int number = first; ; number++) {
      int size = random.nextInt(50) == 0 ? 50_000 : 200 + random.nextInt(800);
      keep(log, number, size, live);
      for (int i = 0; i < 2 && live.size() > LIVE; i++) {
        // Now and then the newest, so that some are old.
        int gone = random.nextInt(100) == 0 ? live.pollLast() : live.pollFirst();
        forget(log, gone);
      }
    }
  }

  private static void keep(SpoolLog log, int number, int size, Deque<Integer> live)
      throws InterruptedException {
    var kept = log.append(id(number), () -> content(number, size));
    kept.onComplete(
        done -> say(done.succeeded() ? "kept " + number : "trouble " + done.cause().getMessage()));
    live.addLast(number);
    if (number % 20 == 0) {
      var unused = kept.toCompletionStage().toCompletableFuture().handle((one, e) -> e).join();
    }
  }

  /** What is appended later is on disk later: then so is this. */
  private static void forget(SpoolLog log, int number) {
    say("forgetting " + number);
    log.forget(id(number));
    UUID mark = new UUID(-1, number);
    log.append(mark, () -> new byte[1])
        .onSuccess(
            kept -> {
              say("forgotten " + number);
              log.forget(mark);
            });
  }

  private static void say(String words) {
    synchronized (System.out) {
      System.out.println(words);
    }
  }

  static UUID id(int number) {
    return new UUID(number * 0x9E37_79B9_7F4A_7C15L, number);
  }

  /** Says which one it is, all over. */
  static byte[] content(int number, int size) {
    ByteBuffer content = ByteBuffer.allocate(size / Integer.BYTES * Integer.BYTES);
    while (content.hasRemaining()) {
      ByteBuffer unused = content.putInt(number);
    }
    return content.array();
  }

  /** The number of a record; -1 of a mark. */
  static int number(UUID id, byte[] content) {
    if (id.getMostSignificantBits() == -1) {
      return -1;
    }
    ByteBuffer numbers = ByteBuffer.wrap(content);
    int number = numbers.getInt();
    while (numbers.hasRemaining()) {
      if (numbers.getInt() != number) {
        throw new IllegalStateException("mixed up: " + number);
      }
    }
    if (!id.equals(id(number))) {
      throw new IllegalStateException("of another: " + number);
    }
    return number;
  }

  /** Says what happens in lines. */
  record PrintedNews(PrintStream to) implements SpoolNews {
    @Override
    public void damaged(String words) {
      to.println("damaged " + words);
    }

    @Override
    public void failing(String problem) {
      to.println("failing " + problem);
    }

    @Override
    public void working() {
      to.println("working");
    }
  }
}
