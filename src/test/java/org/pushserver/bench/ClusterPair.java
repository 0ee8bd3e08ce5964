// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.pushserver.bench.ServerSetup.Section;

/**
 * What two servers that are one cost together, beside one alone, at the same rate: for a push that
 * is delivered at once, half of which come to a server that they do not belong to; and for one that
 * waits for a second for a route that is dead, of which the other server gets a copy. And how long
 * it takes until what waits at a server that is killed goes on at the other. What is delivered is a
 * message: of a ring the other server is told that it rang, which is no part of a copy. And how
 * long each of two takes to start.
 */
final class ClusterPair implements Scenario {
  static final String NAME = "cluster";

  /** Delivered at once, by one server. */
  static final String ONE = "one server";

  /** Delivered at once, by two. */
  static final String TWO = "two as one";

  /** Waits for a second, at one server. */
  static final String ONE_WAITS = "202 and waits, one server";

  /** Waits for a second, with a copy. */
  static final String TWO_WAIT = "202 and waits, two as one";

  /** The start of a server that finds nobody. */
  static final String FIRST = "first of a cluster";

  /** The start of one that joins another. */
  static final String SECOND = "second of a cluster";

  /** The pair of which one is killed. */
  static final String KILLED = "one of two killed";

  private static final String APP_ID = "com.example.phone";
  private static final int OK = 200;
  private static final int ACCEPTED = 202;
  private static final int QUEUE = 100_000;
  private static final int DEAD_DEADLINE_S = 1;
  private static final int HOUR_S = 3600;
  private static final int LEFT = 4_000;
  private static final long MEET_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(3);
  private static final long POLL_MS = 20;
  private static final double NANOS_PER_S = 1e9;

  @Override
  public void play(Run run) throws Exception {
    int sink = run.stage().sink().port();
    int nobody = Ports.free();
    List<PacedDoor> doors = new ArrayList<>();
    doors.add(alone(run, ONE, true, sink, HOUR_S));
    List<Running> two = pair(run, TWO, true, sink, HOUR_S);
    doors.add(new PacedDoor(TWO, two, Posts.messages(APP_ID), OK));
    doors.add(alone(run, ONE_WAITS, false, nobody, DEAD_DEADLINE_S));
    doors.add(
        new PacedDoor(
            TWO_WAIT, pair(run, TWO_WAIT, false, nobody, DEAD_DEADLINE_S), posts(), ACCEPTED));
    PacedRounds.play(run, NAME, doors, List.of(PacedRounds.LOW, PacedRounds.HIGH));
    for (int round = 0; round < run.plan().repeats(); round++) {
      kill(run, round, nobody);
    }
  }

  private static PacedDoor alone(Run run, String name, boolean waits, int port, int deadline)
      throws IOException, InterruptedException {
    ServerSetup setup = setup(name, waits, "", port, deadline);
    Running server = run.stage().start(run.builds().get(0), setup);
    return waits
        ? new PacedDoor(name, List.of(server), Posts.messages(APP_ID), OK)
        : new PacedDoor(name, List.of(server), posts(), ACCEPTED);
  }

  private static List<Running> pair(Run run, String name, boolean waits, int port, int deadline)
      throws Exception {
    Members members = new Members(run.stage(), name);
    List<Running> servers = new ArrayList<>();
    for (int node = 1; node <= 2; node++) {
      ServerSetup setup = setup(name + " n" + node, waits, members.section(node), port, deadline);
      long began = System.nanoTime();
      servers.add(run.stage().start(run.builds().get(0), setup));
      run.report()
          .add(
              NAME,
              node == 1 ? FIRST : SECOND,
              Measure.LISTENS,
              (System.nanoTime() - began) / NANOS_PER_S);
    }
    for (Running server : servers) {
      untilMet(server);
    }
    return servers;
  }

  private static ServerSetup setup(
      String name, boolean waits, String lines, int port, int deadline) {
    List<Section> sections = List.of(new Section(APP_ID + "0", "apple", port, deadline));
    return new ServerSetup(name, waits, QUEUE, "", lines, sections);
  }

  private static Posts posts() {
    return new Posts("apple", APP_ID, 1);
  }

  private static void untilMet(Running server) throws IOException, InterruptedException {
    Metrics metrics = new Metrics(server);
    long end = System.nanoTime() + MEET_LIMIT_NANOS;
    while (!met(metrics, System.nanoTime() > end)) {
      if (System.nanoTime() > end) {
        throw new BenchException("two servers did not find each other");
      }
      Thread.sleep(POLL_MS);
    }
  }

  /** A server that has just begun may not answer in time, on a machine that starts two of them. */
  private static boolean met(Metrics metrics, boolean isLast)
      throws IOException, InterruptedException {
    try {
      return metrics.value("pushserver_cluster_members") == 2;
    } catch (IOException e) {
      if (isLast) {
        throw e;
      }
      return false;
    }
  }

  /** Pushes wait at both; one is killed; the other says how many of its own go on there. */
  private static void kill(Run run, int round, int nobody) throws Exception {
    Run.say(NAME + ": killing one of two, round " + (round + 1));
    List<Running> servers = pair(run, "killed " + round, false, nobody, HOUR_S);
    try (PacedDoor both = new PacedDoor(KILLED, servers, posts(), ACCEPTED)) {
      PacedDoor.Turn unused = both.run(LEFT, 1);
      Metrics survivor = new Metrics(servers.get(1));
      long began = System.nanoTime();
      servers.get(0).child().close();
      double taken = 0;
      long last = began;
      while (System.nanoTime() - last < QUIET_NANOS || taken == 0) {
        double now = survivor.value("pushserver_cluster_taken_over_total");
        if (now > taken) {
          taken = now;
          last = System.nanoTime();
        } else if (taken == 0 && System.nanoTime() - began > MEET_LIMIT_NANOS) {
          throw new BenchException("nothing was taken over");
        }
        Thread.sleep(POLL_MS);
      }
      Run.say(NAME + ": " + (long) taken + " pushes went on at the other server");
      run.report().add(NAME, KILLED, Measure.TAKEN_OVER, (last - began) / NANOS_PER_S);
    }
  }

  /** Where the members of one cluster are, and their certificates. */
  private static final class Members {
    private final Stage stage;
    private final String name;
    private final Path folder;
    private final int port = Ports.free();
    private final int busPort = Ports.free();

    Members(Stage stage, String name) throws IOException {
      this.stage = stage;
      this.name = name.replaceAll("\\W+", "-");
      this.folder = Files.createDirectories(stage.dir().resolve("members-" + this.name));
    }

    String section(int node) throws Exception {
      Path certificate = stage.certify(folder, "n" + node);
      return """
          [cluster]
          name = %s
          node = n%s
          address = 127.0.0.%s
          port = %s
          bus_port = %s
          members = 127.0.0.1, 127.0.0.2
          tls_certificate = %s
          tls_ca = %s
          """
          .formatted(name, node, node, port, busPort, certificate, stage.authority());
    }
  }
}
