// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.Await;
import org.pushserver.process.ClusterLoad.Plan;

/**
 * Three servers whose network breaks, and the phones that ring nevertheless: some minutes, with the
 * firewall of Linux. What is lost, doubled and late is counted at the stand-in for Apple.
 */
@Timeout(300)
@EnabledIfSystemProperty(
    named = "pushserver.cluster",
    matches = "true",
    disabledReason = "bin/check --long breaks the network of a cluster")
class ClusterNetworkIT {
  private static final int PER_SECOND = 50;

  /** The groups that the servers run in: those that stay together, and the third. */
  private static final int BOTH = 65_532;

  private static final int THIRD = 65_533;
  private static final String ANYWHERE = "0.0.0.0/0";

  @TempDir private Path directory;

  @RegisterExtension private final ClusterFixture cluster = new ClusterFixture(() -> directory);

  private final Firewall firewall = new Firewall();
  private List<ServerProcess> servers = List.of();

  @BeforeEach
  void look() throws Exception {
    Firewall.assumeHere();
  }

  @AfterEach
  void mend() throws Exception {
    firewall.mend();
  }

  private void start() throws Exception {
    servers =
        cluster.startThree(
            List.of(Firewall.group(BOTH), Firewall.group(BOTH), Firewall.group(THIRD)));
  }

  private List<Integer> ports() {
    return List.of(cluster.port(), cluster.busPort());
  }

  /** Knows each connection of the cluster between the third server and the others. */
  private void markThird() throws Exception {
    for (int port : ports()) {
      firewall.mark(BOTH, ClusterFixture.address(3), port);
      for (int other = 1; other <= 2; other++) {
        firewall.mark(THIRD, ClusterFixture.address(other), port);
      }
    }
  }

  /** And those between their doors; callers reach all of them. */
  private void markDoors() throws Exception {
    firewall.mark(BOTH, ANYWHERE, servers.get(2).port());
    for (ServerProcess other : servers.subList(0, 2)) {
      firewall.mark(THIRD, ANYWHERE, other.port());
    }
  }

  private static void pass(Duration time) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
  }

  /** How often a line is in a log. */
  private static long count(ServerProcess server, String pattern) {
    return Pattern.compile(pattern, Pattern.MULTILINE).matcher(server.log()).results().count();
  }

  private ClusterResult report(
      String what, ClusterLoad load, Set<DoubleReason> honest, ClusterFault fault)
      throws Exception {
    ClusterResult result = load.end();
    result.print(what);
    ClusterDoubles doubles = result.doubles(cluster.logs(), fault);
    doubles.print();
    assertEquals(0, result.lost(), load.failures()::toString);
    assertEquals(0, result.late(), result::lateStories);
    assertEquals(List.of(), doubles.besides(honest), () -> "doubled without a reason at " + fault);
    return result;
  }

  private void untilTogether(long before) throws Exception {
    Await.until(
        Duration.ofSeconds(60),
        () -> count(servers.get(0), "members: n1, n2, n3$") > before,
        () -> "they do not meet again: " + servers.get(0).log());
  }

  private void cutThird(Duration time, String what) throws Exception {
    try (ClusterLoad load =
        new ClusterLoad(servers, cluster.sandbox, Plan.rings(PER_SECOND).withCancels())) {
      pass(Duration.ofSeconds(5));
      long before = count(servers.get(0), "members: n1, n2, n3$");
      Instant from = Instant.now();
      firewall.cut();
      Instant to = Instant.now();
      pass(time);
      firewall.join();
      untilTogether(before);
      // What TCP has kept comes when it is sent again.
      pass(time.compareTo(Duration.ofSeconds(30)) > 0 ? Duration.ofSeconds(5) : time);
      ClusterResult result =
          report(
              what, load, Set.of(DoubleReason.ON_ITS_WAY), ClusterFault.ofNetwork("n3", from, to));
      assertTrue(
          result.doubled() <= sum("pushserver_cluster_possibly_doubled_total"), result::toString);
      for (ServerProcess server : servers) {
        Await.until(() -> isBalanced(server), server::log);
      }
    }
  }

  private static double sum(ServerProcess server, String metric) throws Exception {
    return Pattern.compile("(?m)^" + metric + "(?:\\{[^}]*})? (\\S+)$")
        .matcher(server.get("/metrics"))
        .results()
        .mapToDouble(line -> Double.parseDouble(line.group(1)))
        .sum();
  }

  private double sum(String metric) throws Exception {
    double sum = 0;
    for (ServerProcess server : servers) {
      sum += sum(server, metric);
    }
    return sum;
  }

  /** Whether each push that was accepted has ended, once. */
  private static boolean isBalanced(ServerProcess server) throws Exception {
    return sum(server, "pushserver_pushes_accepted_total")
        == sum(server, "pushserver_pushes_ended_total")
            + sum(server, "pushserver_pushes_joined_total");
  }

  @Test
  void whatIsSentWhileOneServerIsCutOffForAMinuteRings() throws Exception {
    start();
    markThird();
    markDoors();
    cutThird(Duration.ofSeconds(60), "one of three cut off for 60 s, and back");
  }

  @Test
  void whatIsSentWhileTheClusterIsCutAndAllServeRings() throws Exception {
    start();
    markThird();
    cutThird(Duration.ofSeconds(20), "the cluster alone cut for 20 s, all serve");
  }

  @Test
  void whatIsSentWhilePacketsAreLostAndLateRings() throws Exception {
    for (int node = 1; node <= 3; node++) {
      for (int port : ports()) {
        String address = ClusterFixture.address(node);
        int wire = new LongWire(cluster.vertx, address, port, 50).port();
        firewall.lead(BOTH, address, port, wire);
        firewall.lead(THIRD, address, port, wire);
      }
    }
    start();
    try (ClusterLoad load =
        new ClusterLoad(
            servers, cluster.sandbox, Plan.rings(PER_SECOND).withCancels().withRepetitions())) {
      pass(Duration.ofSeconds(5));
      Instant from = Instant.now();
      for (int port : ports()) {
        firewall.lose(port, 0.1);
      }
      pass(Duration.ofSeconds(30));
      firewall.mend();
      Instant to = Instant.now();
      pass(Duration.ofSeconds(5));
      ClusterResult unused =
          report(
              "one packet of ten lost for 30 s, 50 ms each way",
              load,
              Set.of(DoubleReason.ON_ITS_WAY, DoubleReason.NEW_RING, DoubleReason.APART),
              ClusterFault.loss(from, to));
    }
  }

  @Test
  void certificatesAreRenewedWhileAllRings() throws Exception {
    start();
    try (ClusterLoad load = new ClusterLoad(servers, cluster.sandbox, Plan.rings(PER_SECOND))) {
      pass(Duration.ofSeconds(5));
      for (int node = 1; node <= servers.size(); node++) {
        cluster.certify(node, cluster.tls.authority());
        servers.get(node - 1).untilLogged("the renewed certificate");
        pass(Duration.ofSeconds(2));
      }
      // New connections show the new ones: to a server that comes again.
      Instant from = Instant.now();
      servers.get(1).kill();
      Instant to = Instant.now();
      servers.get(0).untilLogged("n2 has gone");
      ServerProcess again = cluster.start(2);
      again.untilLogged("members: n1, n2, n3$");
      pass(Duration.ofSeconds(5));
      ClusterResult unused =
          report(
              "certificates renewed, then one killed",
              load,
              Set.of(DoubleReason.ON_ITS_WAY, DoubleReason.ASKED_AGAIN),
              ClusterFault.ofServer("n2", from, to));
    }
  }
}
