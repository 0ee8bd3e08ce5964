// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Await;
import org.pushserver.process.ClusterLoad.Plan;
import org.pushserver.sandbox.Fault;

/**
 * Three servers, each a process, of which one dies or stands still while calls come in; of ten, one
 * is cancelled and one is asked for twice. What is lost, doubled and late is counted at the
 * stand-in for Apple, which takes its time to answer.
 */
@Timeout(300)
@EnabledIfSystemProperty(
    named = "pushserver.cluster",
    matches = "true",
    disabledReason = "bin/check --long kills and stops servers of a cluster")
class ClusterFaultsIT {
  private static final Set<DoubleReason> DEAD =
      Set.of(DoubleReason.ON_ITS_WAY, DoubleReason.ASKED_AGAIN, DoubleReason.NEW_RING);

  /** One that stands still and goes on has lost the others, and has to find them again. */
  private static final Set<DoubleReason> AWAY = Set.of(DoubleReason.values());

  @TempDir private Path directory;

  @RegisterExtension private final ClusterFixture cluster = new ClusterFixture(() -> directory);

  private List<ServerProcess> servers = List.of();

  @BeforeEach
  void start() throws Exception {
    servers = cluster.startThree();
  }

  private static void pass(Duration time) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
  }

  private static long count(ServerProcess server, String pattern) {
    return Pattern.compile(pattern, Pattern.MULTILINE).matcher(server.log()).results().count();
  }

  /** What rang twice has a reason, and one that this fault can have. */
  private void noneIsLostAndNoneIsLate(
      String what, ClusterLoad load, Set<DoubleReason> honest, ClusterFault... faults)
      throws Exception {
    ClusterResult result = load.end();
    result.print(what);
    ClusterDoubles doubles = result.doubles(cluster.logs(), faults);
    doubles.print();
    assertEquals(0, result.lost(), load.failures()::toString);
    assertEquals(0, result.late(), result::lateStories);
    assertEquals(
        List.of(), doubles.besides(honest), () -> "doubled without a reason at " + List.of(faults));
  }

  /** While the push service fails all wait; at that moment one is killed. */
  private void killOneUnderLoad(String what, Plan plan) throws Exception {
    try (ClusterLoad warm = new ClusterLoad(servers, cluster.sandbox, Plan.rings(100))) {
      pass(Duration.ofSeconds(10));
      assertEquals(0, warm.end().lost(), warm.failures()::toString);
    }
    try (ClusterLoad load = new ClusterLoad(servers, cluster.sandbox, plan)) {
      pass(Duration.ofSeconds(6));
      cluster.sandbox.faults().add(Fault.answer(503));
      pass(Duration.ofMillis(500));
      Instant from = Instant.now();
      servers.get(2).kill();
      Instant to = Instant.now();
      cluster.sandbox.faults().clear();
      servers.get(0).untilLogged(" pushes that waited at server n3 are sent by this one");
      servers.get(1).untilLogged(" pushes that waited at server n3 are sent by this one");
      System.out.println(
          "taken over after " + Duration.between(from, Instant.now()).toMillis() + " ms");
      pass(Duration.ofSeconds(4));
      noneIsLostAndNoneIsLate(what, load, DEAD, ClusterFault.ofServer("n3", from, to));
    }
  }

  @Test
  void whenOneIsKilledWhoWaitsForHisCallLosesNothing() throws Exception {
    killOneUnderLoad(
        "kill -9 of one, 500/s, callers wait", Plan.rings(500).withCancels().withRepetitions());
  }

  @Test
  void whenOneIsKilledWhatWasAcceptedIsNotLost() throws Exception {
    killOneUnderLoad(
        "kill -9 of one, 500/s, callers are told 202",
        Plan.rings(500).accepted().withCancels().withRepetitions());
  }

  @Test
  void aServerThatStoodStillLosesNothingAndRingsNothingLate() throws Exception {
    try (ClusterLoad load =
        new ClusterLoad(servers, cluster.sandbox, Plan.rings(100).withCancels())) {
      pass(Duration.ofSeconds(6));
      long before = count(servers.get(0), "members: n1, n2, n3$");
      Instant from = Instant.now();
      servers.get(2).signal("STOP");
      Instant to = Instant.now();
      servers.get(0).untilLogged("n3 has gone");
      pass(Duration.ofSeconds(6));
      servers.get(2).signal("CONT");
      untilTogether(before);
      pass(Duration.ofSeconds(5));
      noneIsLostAndNoneIsLate(
          "SIGSTOP of one, until 6 s after it is missed",
          load,
          AWAY,
          ClusterFault.ofServer("n3", from, to));
    }
  }

  private void untilTogether(long before) throws Exception {
    Await.until(
        Duration.ofSeconds(60),
        () -> count(servers.get(0), "members: n1, n2, n3$") > before,
        () -> "they do not meet again: " + servers.get(0).log());
  }

  @Test
  void aServerThatStandsStillWhileItIsToGoOnForAnotherDoesSoAfterwards() throws Exception {
    try (ClusterLoad load =
        new ClusterLoad(servers, cluster.sandbox, Plan.rings(100).accepted().withCancels())) {
      pass(Duration.ofSeconds(6));
      Instant from = Instant.now();
      servers.get(1).signal("STOP");
      servers.get(2).kill();
      Instant to = Instant.now();
      pass(Duration.ofSeconds(12));
      servers.get(1).signal("CONT");
      Await.until(
          Duration.ofSeconds(60),
          () -> servers.get(1).get("/metrics").contains("pushserver_cluster_members 2.0"),
          () -> "they do not meet again: " + servers.get(0).log());
      pass(Duration.ofSeconds(5));
      noneIsLostAndNoneIsLate(
          "kill -9 of one, SIGSTOP of the next for 12 s",
          load,
          AWAY,
          ClusterFault.ofServer("n2", from, to),
          ClusterFault.ofServer("n3", from, to));
    }
  }

  @Test
  void serversThatAreRestartedOneAfterTheOtherLoseNothing() throws Exception {
    try (ClusterLoad load =
        new ClusterLoad(
            servers, cluster.sandbox, Plan.rings(100).withCancels().withRepetitions())) {
      pass(Duration.ofSeconds(6));
      for (int node = 1; node <= servers.size(); node++) {
        ServerProcess old = servers.get(node - 1);
        old.signal("TERM");
        assertEquals(0, old.exitCode(60));
        ServerProcess again = cluster.start(node);
        again.untilLogged("members: n1, n2, n3$");
        servers.set(node - 1, again);
        pass(Duration.ofSeconds(2));
      }
      // Who stops ends what is with the push service, and hands over the rest: it is no fault.
      noneIsLostAndNoneIsLate(
          "all restarted, one after the other",
          load,
          Set.of(DoubleReason.ASKED_AGAIN, DoubleReason.NEW_RING));
    }
  }
}
