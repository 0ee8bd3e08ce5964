// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.pushserver.bench.ServerSetup.Section;

/**
 * What the spool costs a push whose client is told 202, and how fast what was left goes on. Two
 * kinds of push: one that is delivered at once, and one that waits for a second for a route that is
 * dead, and expires, so that each is written and each is forgotten.
 */
final class SpoolCost implements Scenario {
  static final String NAME = "spool";

  /** Delivered at once, and nothing is kept. */
  static final String OFF = "202, no spool";

  /** Delivered at once, with the spool. */
  static final String ON = "202, spool";

  /** Waits for a second, and nothing is kept. */
  static final String WAITING_OFF = "202 and waits, no spool";

  /** Waits for a second, on disk, too. */
  static final String WAITING_ON = "202 and waits, spool";

  /** What a server has left that was killed. */
  static final String LEFT = "100000 left";

  /** The same server when nothing is left. */
  static final String NOTHING_LEFT = "nothing left";

  private static final String APP_ID = "com.example.phone";
  private static final int ACCEPTED = 202;
  private static final int LEFT_COUNT = 100_000;
  private static final int DEAD_DEADLINE_S = 1;
  private static final int HOUR_S = 3600;
  private static final int QUEUE = LEFT_COUNT + 2_000;
  private static final long POLL_MS = 20;
  private static final long REPLAY_LIMIT_NANOS = TimeUnit.MINUTES.toNanos(3);
  private static final double NANOS_PER_S = 1e9;

  @Override
  public void play(Run run) throws Exception {
    Path folder = Files.createTempDirectory(Path.of("target").toAbsolutePath(), "bench-spool");
    try {
      String system = Files.getFileStore(folder).type();
      if (system.equals("tmpfs")) {
        throw new BenchException(folder + " is in memory: what a disk takes is not seen there");
      }
      Run.say(NAME + ": the spool is in " + folder + ", on " + system);
      cost(run, folder);
      for (int round = 0; round < run.plan().repeats(); round++) {
        replay(run, folder.resolve("left-" + round), round);
      }
    } finally {
      delete(folder);
    }
  }

  private static void cost(Run run, Path folder) throws IOException, InterruptedException {
    int sink = run.stage().sink().port();
    List<PacedDoor> doors = new ArrayList<>();
    doors.add(door(run, OFF, "", sink, HOUR_S));
    doors.add(door(run, ON, spool(folder.resolve("quick")), sink, HOUR_S));
    int nobody = Ports.free();
    doors.add(door(run, WAITING_OFF, "", nobody, DEAD_DEADLINE_S));
    doors.add(door(run, WAITING_ON, spool(folder.resolve("slow")), nobody, DEAD_DEADLINE_S));
    PacedRounds.play(run, NAME, doors, List.of(PacedRounds.LOW, PacedRounds.HIGH));
  }

  private static PacedDoor door(Run run, String name, String lines, int port, int deadline)
      throws IOException, InterruptedException {
    Running server = run.stage().start(run.builds().get(0), setup(name, lines, port, deadline));
    return new PacedDoor(name, List.of(server), posts(), ACCEPTED);
  }

  private static ServerSetup setup(String name, String lines, int port, int deadline) {
    List<Section> sections = List.of(new Section(APP_ID + "0", "apple", port, deadline));
    return new ServerSetup(name, false, QUEUE, "", lines, sections);
  }

  private static Posts posts() {
    return new Posts("apple", APP_ID, 1);
  }

  private static String spool(Path stateDir) {
    return "spool = yes\nstate_dir = " + stateDir + "\n";
  }

  /** Pushes wait, the server is killed, and one starts in its place when the route is up again. */
  private static void replay(Run run, Path stateDir, int round)
      throws IOException, InterruptedException {
    Stage stage = run.stage();
    Build build = run.builds().get(0);
    int sinkPort = Ports.free();
    ServerSetup setup = setup("left " + round, spool(stateDir), sinkPort, HOUR_S);
    Run.say(NAME + ": leaving " + LEFT_COUNT + " pushes, round " + (round + 1));
    long empty = System.nanoTime();
    Running before = stage.start(build, setup);
    run.report().add(NAME, NOTHING_LEFT, Measure.LISTENS, since(empty));
    accept(before, LEFT_COUNT);
    before.child().close();
    try (Sink sink = stage.sink(sinkPort)) {
      long idle = sink.bytes();
      long began = System.nanoTime();
      Running after = stage.launch(build, setup);
      CompletableFuture<Double> listens = CompletableFuture.supplyAsync(() -> until(after, began));
      Flow flow = Flow.watch(sink, idle);
      run.report().add(NAME, LEFT, Measure.LISTENS, listens.join());
      Flow rest = rest(after, sink, flow);
      run.report().add(NAME, LEFT, Measure.LAST_SENT, rest.seconds(began));
      run.report().add(NAME, LEFT, Measure.DRAIN, rest.seconds(flow.first()));
      after.child().close();
    }
  }

  private static void accept(Running server, int count) throws IOException {
    try (PacedClient client =
        new PacedClient(server.port(), posts(), ACCEPTED, PacedDoor.CONNECTIONS)) {
      var unused = client.run(PacedRounds.HIGH, count);
    }
  }

  /** What came when nothing is left in the spool: on a busy machine there may be a pause before. */
  private static Flow rest(Running server, Sink sink, Flow flow)
      throws IOException, InterruptedException {
    Metrics metrics = new Metrics(server);
    long end = System.nanoTime() + REPLAY_LIMIT_NANOS;
    Flow last = flow;
    while (metrics.value("pushserver_spool_pushes") > 0) {
      if (System.nanoTime() > end) {
        throw new BenchException("what was left does not go on:\n" + server.child().lastWords());
      }
      if (sink.bytes() > last.bytes()) {
        last = Flow.watch(sink, last.bytes());
      } else {
        Thread.sleep(POLL_MS);
      }
    }
    sink.verify(LEFT, LEFT_COUNT, 0);
    return last;
  }

  private static double until(Running server, long began) {
    try {
      server.child().awaitPort(server.port());
      return since(began);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static double since(long nanos) {
    return (System.nanoTime() - nanos) / NANOS_PER_S;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
