// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import io.vertx.core.Future;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Locale;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.queue.KeptPush;
import org.pushserver.spi.SamplePush;
import org.pushserver.wire.PushBytes;

/**
 * What a spool takes of the processor and the disk at a constant rate, and how long one takes to be
 * read: pushes that end 50 ms after they came, and a hundred thousand that were left.
 */
final class SpoolFigures {
  private static final long LIFE = TimeUnit.MILLISECONDS.toNanos(50);
  private static final long TICK = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int LEFT = 100_000;

  /** Costs nothing, so that what the load itself takes can be taken off. */
  private static final Spool NOWHERE =
      new Spool() {
        @Override
        public Future<Void> append(UUID id, Supplier<byte[]> record) {
          return Future.succeededFuture();
        }

        @Override
        public void forget(UUID id) {}

        @Override
        public String problem() {
          return null;
        }
      };

  private record Due(UUID id, long at) {}

  private final Path folder;
  private final Push push = SamplePush.of(Event.INCOMING_SESSION).push();
  private long number;

  private SpoolFigures(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] args) throws Exception {
    int seconds = args.length > 1 ? Integer.parseInt(args[1]) : 10;
    SpoolFigures figures = new SpoolFigures(Path.of(args[0]));
    figures.rates(seconds);
    figures.load();
    System.exit(0);
  }

  private static void say(String form, Object... values) {
    System.out.printf(Locale.ROOT, form + "%n", values);
  }

  private void rates(int seconds) throws Exception {
    SpoolLog log = SpoolLog.open(folder, Duration.ZERO, new SpoolVictim.PrintedNews(System.out));
    log.start();
    double unused = rate("to warm up", NOWHERE, 10_000, seconds) + rate("", log, 10_000, seconds);
    for (int perSecond : new int[] {10_000, 2_000, 10_000, 2_000}) {
      double nowhere = rate(perSecond + "/s, nowhere", NOWHERE, perSecond, seconds);
      double kept = rate(perSecond + "/s", log, perSecond, seconds);
      say("%d/s: %.1f us of processor time a pair, without the load", perSecond, kept - nowhere);
    }
    close(log);
  }

  private static void close(SpoolLog log) throws Exception {
    var unused = log.close().toCompletionStage().toCompletableFuture().get();
  }

  /** Made anew for each, as a push is. */
  private Supplier<byte[]> record(UUID id) {
    Push own =
        new Push(
            id,
            push.app(),
            push.device(),
            push.event(),
            push.callId(),
            push.details(),
            push.bornAt(),
            push.deadline());
    return () -> PushBytes.dated(new KeptPush(own));
  }

  private UUID id() {
    number++;
    return new UUID(number * 0x9E37_79B9_7F4A_7C15L, number);
  }

  private double rate(String what, Spool spool, int perSecond, int seconds) throws IOException {
    int count = perSecond * seconds;
    long[] took = new long[count];
    AtomicInteger failed = new AtomicInteger();
    Queue<Due> due = new ArrayDeque<>();
    long cpu = cpu();
    long own = own();
    long written = written();
    long begun = System.nanoTime();
    for (int i = 0; i < count; i++) {
      long at = begun + TimeUnit.SECONDS.toNanos(1) / perSecond * i;
      while (System.nanoTime() < at) {
        LockSupport.parkNanos(TICK);
        forget(spool, due);
      }
      UUID id = id();
      int which = i;
      long now = System.nanoTime();
      var unused =
          spool
              .append(id, record(id))
              .onSuccess(kept -> took[which] = System.nanoTime() - now)
              .onFailure(cause -> failed.incrementAndGet());
      due.add(new Due(id, now + LIFE));
    }
    while (!due.isEmpty()) {
      LockSupport.parkNanos(TICK);
      forget(spool, due);
    }
    double each = (cpu() - cpu) / 1e3 / count;
    Arrays.sort(took);
    say(
        "%-20s %6.1f us a pair, %5.1f of them the caller's; kept within %5.1f, %5.1f ms (p50, p99);"
            + " %5.0f bytes to the disk a pair; %d failed",
        what,
        each,
        (own() - own) / 1e3 / count,
        took[count / 2] / 1e6,
        took[count / 100 * 99] / 1e6,
        (written() - written) / (double) count,
        failed.get());
    return each;
  }

  private static void forget(Spool spool, Queue<Due> due) {
    long now = System.nanoTime();
    while (!due.isEmpty() && due.peek().at() - now < 0) {
      spool.forget(due.remove().id());
    }
  }

  private static long cpu() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long own() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }

  private static long written() throws IOException {
    for (String line : Files.readAllLines(Path.of("/proc/self/io"))) {
      if (line.startsWith("write_bytes:")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    return 0;
  }

  private void load() throws Exception {
    SpoolNews news = new SpoolVictim.PrintedNews(System.out);
    SpoolLog log = SpoolLog.open(folder, Duration.ZERO, news);
    log.start();
    for (int i = 0; i < LEFT; i++) {
      UUID id = id();
      var unused = log.append(id, record(id));
    }
    close(log);
    say("%d left: %d bytes in files", log.size(), log.bytes());
    for (int round = 0; round < 3; round++) {
      long begun = System.nanoTime();
      SpoolLog again = SpoolLog.open(folder, Duration.ZERO, news);
      long opened = System.nanoTime();
      long[] deadlines = new long[1];
      again.load((id, content, mayHaveEnded) -> deadlines[0] += read(content));
      long read = System.nanoTime();
      say(
          "seen in %.0f ms, handed on as pushes in %.0f ms more",
          (opened - begun) / 1e6, (read - opened) / 1e6);
      close(again);
    }
  }

  private static long read(byte[] content) {
    try {
      return PushBytes.read(content, 0).push().deadline();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
