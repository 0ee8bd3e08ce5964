// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pushserver.bench.ServerSetup.Section;

/**
 * What a push costs that waits while the route is down, and how fast they go when it is up again.
 * Nobody listens where the push service should be; then a sink does.
 */
final class Outage implements Scenario {
  static final String NAME = "outage";

  private static final double BYTES_PER_MB = 1_000_000;
  private static final int ACCEPTED = 202;
  private static final int CONNECTIONS = 64;
  private static final int RATE = 10_000;
  private static final int HOUR_S = 3600;

  /** So many wait in the heap that is usual. */
  private static final int USUAL = 100_000;

  /** 1.2 GiB, which a million must do with. */
  private static final int HEAP_MB = 1229;

  /** What classes and buffers need once is paid before it counts. */
  private static final int FIRST = 1000;

  private static final int CLIENTS = 2000;
  private static final long POLL_MS = 5;

  /** The longest time between two tries to connect is 30 s, and a fifth. */
  private static final long UP_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

  /**
   * Of the bytes that the same pushes take one by one; more of them in one TLS record need less.
   */
  private static final double SURE = 0.8;

  @Override
  public void play(Run run) throws Exception {
    for (Build build : run.builds()) {
      for (int count : run.plan().waiting()) {
        Run.say(NAME + ": " + count + " pushes wait for the route, " + build.name());
        waiting(run, build, count);
      }
      Run.say(NAME + ": " + CLIENTS + " clients wait for the route, " + build.name());
      held(run, build);
    }
  }

  private static ServerSetup setup(String name, boolean waits, int count, int port) {
    String heap = count > USUAL ? "-Xmx" + HEAP_MB + "m" : "";
    return new ServerSetup(
        name,
        waits,
        count + 2 * FIRST,
        heap,
        "",
        List.of(new Section("com.example.phone0", "apple", port, HOUR_S)));
  }

  private static Posts posts() {
    return new Posts("apple", "com.example.phone", 1);
  }

  private static void waiting(Run run, Build build, int count)
      throws IOException, InterruptedException {
    int sinkPort = Child.freePort();
    Running server =
        run.stage().start(build, setup(build.name() + " " + count, false, count, sinkPort));
    String program = count == USUAL ? build.name() : build.name() + " " + count;
    try (PacedClient client = new PacedClient(server.port(), posts(), ACCEPTED, CONNECTIONS)) {
      accept(client, FIRST);
      long before = LiveHeap.bytes(server.child().files().pid());
      accept(client, count);
      double each = (LiveHeap.bytes(server.child().files().pid()) - before) / (double) count;
      run.report().add(NAME, program, Measure.WAITING, each);
      double megabytes = server.child().files().residentBytes() / BYTES_PER_MB;
      run.report().add(NAME, program, Measure.FULL, megabytes);
      double seconds = drain(run, client, sinkPort, count + FIRST);
      run.report().add(NAME, program, Measure.DRAIN, seconds);
    }
    server.child().close();
  }

  private static void accept(PacedClient client, int count) throws IOException {
    long accepted = client.run(RATE, count).answered().getTotalCount();
    if (accepted != count) {
      throw new BenchException("of " + count + " pushes " + accepted + " were accepted");
    }
  }

  /** Seconds from the first byte at the sink to the last. */
  private static double drain(Run run, PacedClient client, int sinkPort, int count)
      throws IOException, InterruptedException {
    try (Sink sink = run.stage().sink(sinkPort)) {
      Flow flow = Flow.watch(sink, sink.bytes());
      long before = sink.bytes();
      accept(client, FIRST);
      Flow few = Flow.watch(sink, before);
      double expected = (few.bytes() - before) / (double) FIRST * count * SURE;
      if (flow.bytes() < expected) {
        throw new BenchException(
            "of " + count + " pushes not all came: " + flow.bytes() + " bytes, not " + expected);
      }
      return flow.seconds();
    }
  }

  /**
   * What came to a sink until it was quiet again.
   *
   * @param bytes since the sink's start
   * @param nanos from the first to the last of them
   */
  private record Flow(long bytes, long nanos) {
    /** From when it had read so many bytes; some more may have come since. */
    static Flow watch(Sink sink, long idle) throws IOException, InterruptedException {
      long start = System.nanoTime();
      long last = 0;
      long bytes = idle;
      long first = 0;
      while (last == 0 || System.nanoTime() - last < QUIET_NANOS) {
        long now = System.nanoTime();
        long seen = sink.bytes();
        if (seen != bytes) {
          first = first == 0 ? now : first;
          last = now;
          bytes = seen;
        } else if (first == 0 && now - start > UP_LIMIT_NANOS) {
          throw new BenchException("the route did not come up");
        }
        Thread.sleep(POLL_MS);
      }
      return new Flow(bytes, last - first);
    }

    double seconds() {
      return nanos / (double) TimeUnit.SECONDS.toNanos(1);
    }
  }

  private static void held(Run run, Build build) throws IOException, InterruptedException {
    int nobody = Child.freePort();
    Running server = run.stage().start(build, setup(build.name() + " held", true, CLIENTS, nobody));
    try (PacedClient few = new PacedClient(server.port(), posts(), ACCEPTED, FIRST / 10)) {
      few.hold();
      long before = LiveHeap.bytes(server.child().files().pid());
      try (PacedClient client = new PacedClient(server.port(), posts(), ACCEPTED, CLIENTS)) {
        client.hold();
        double each = (LiveHeap.bytes(server.child().files().pid()) - before) / (double) CLIENTS;
        run.report().add(NAME, build.name(), Measure.HELD, each);
      }
    }
    server.child().close();
  }
}
