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
  private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(20);
  private static final long POLL_MS = 20;

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
    int sinkPort = Ports.free();
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
      flow.verify(count, (few.bytes() - before) / (double) FIRST);
      return flow.seconds();
    }
  }

  private static void held(Run run, Build build) throws IOException, InterruptedException {
    int nobody = Ports.free();
    Running server = run.stage().start(build, setup(build.name() + " held", true, CLIENTS, nobody));
    Metrics metrics = new Metrics(server);
    try (PacedClient few = new PacedClient(server.port(), posts(), ACCEPTED, FIRST / 10)) {
      few.hold();
      untilWait(metrics, FIRST / 10);
      long before = LiveHeap.bytes(server.child().files().pid());
      try (PacedClient client = new PacedClient(server.port(), posts(), ACCEPTED, CLIENTS)) {
        client.hold();
        untilWait(metrics, FIRST / 10 + CLIENTS);
        double each = (LiveHeap.bytes(server.child().files().pid()) - before) / (double) CLIENTS;
        run.report().add(NAME, build.name(), Measure.HELD, each);
      }
    }
    server.child().close();
  }

  /** What was sent may not have been read yet. */
  private static void untilWait(Metrics metrics, int clients)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + LIMIT_NANOS;
    double waiting = metrics.value("pushserver_callers_waiting");
    while (waiting < clients) {
      if (System.nanoTime() > end) {
        throw new BenchException("of " + clients + " clients " + (long) waiting + " wait");
      }
      Thread.sleep(POLL_MS);
      waiting = metrics.value("pushserver_callers_waiting");
    }
  }
}
