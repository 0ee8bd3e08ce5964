// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
import org.pushserver.fake.Command;
import org.pushserver.fake.Programs;

/**
 * Three servers whose network breaks, and the phones that ring nevertheless, once: some minutes,
 * with the firewall of Linux. What is lost, doubled and late is counted at the stand-in for Apple.
 */
@Timeout(300)
@EnabledIfSystemProperty(
    named = "pushserver.cluster",
    matches = "true",
    disabledReason = "bin/check --long breaks the network of a cluster")
class ClusterNetworkIT {
  private static final int PER_SECOND = 50;

  /** The third server runs in this group, so that the firewall knows what it sends. */
  private static final String GROUP = "65533";

  private static final String MARK = "19651";

  @TempDir private Path directory;

  @RegisterExtension private final ClusterFixture cluster = new ClusterFixture(() -> directory);

  private final List<List<String>> rules = new ArrayList<>();
  private List<ServerProcess> servers = List.of();

  @BeforeEach
  void start() throws Exception {
    assumeTrue(Programs.areHere("iptables", "setpriv"), "there is no iptables, or no setpriv");
    assumeTrue(
        Command.of("iptables", "-S").run().code() == 0, "the firewall is not ours to change");
    markThird();
    servers =
        List.of(
            cluster.start(1),
            cluster.start(2),
            cluster.startBehind(List.of("setpriv", "--regid", GROUP, "--clear-groups"), 3));
    for (ServerProcess server : servers) {
      server.untilLogged("members: n1, n2, n3$");
    }
  }

  @AfterEach
  void mend() throws Exception {
    for (List<String> rule : List.copyOf(rules)) {
      remove(rule);
    }
  }

  private static List<String> rule(String... words) {
    return List.of(words);
  }

  private void add(List<String> rule) throws Exception {
    change("-A", rule);
    rules.add(rule);
  }

  private void remove(List<String> rule) throws Exception {
    change("-D", rule);
    rules.remove(rule);
  }

  private static void change(String how, List<String> rule) throws Exception {
    List<String> command = new ArrayList<>(List.of("iptables", "-w", "-t", rule.get(0), how));
    command.addAll(rule.subList(1, rule.size()));
    Command.Ended ended = Command.of(command).run();
    assertEquals(0, ended.code(), () -> command + ": " + ended.said());
  }

  /** Marks each connection between the third server and the others, from either side. */
  private void markThird() throws Exception {
    for (int port : List.of(cluster.port(), cluster.busPort())) {
      String to = Integer.toString(port);
      add(
          rule(
              "mangle",
              "OUTPUT",
              "-p",
              "tcp",
              "!",
              "-d",
              ClusterFixture.address(3),
              "--dport",
              to,
              "-m",
              "owner",
              "--gid-owner",
              GROUP,
              "-j",
              "CONNMARK",
              "--set-mark",
              MARK));
      add(
          rule(
              "mangle",
              "OUTPUT",
              "-p",
              "tcp",
              "-d",
              ClusterFixture.address(3),
              "--dport",
              to,
              "-m",
              "owner",
              "!",
              "--gid-owner",
              GROUP,
              "-j",
              "CONNMARK",
              "--set-mark",
              MARK));
    }
  }

  private static void pass(Duration time) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
  }

  /** How often a line is in a log. */
  private static long count(ServerProcess server, String pattern) {
    return Pattern.compile(pattern, Pattern.MULTILINE).matcher(server.log()).results().count();
  }

  private void report(String fault, ClusterLoad.Result result) {
    System.out.println(ClusterLoad.Result.head());
    System.out.println(result.line(fault));
  }

  private void untilTogether(long before) throws Exception {
    Await.until(
        Duration.ofSeconds(60),
        () -> count(servers.get(0), "members: n1, n2, n3$") > before,
        () -> "they do not meet again: " + servers.get(0).log());
  }

  @Test
  void whatIsSentWhileOneServerIsCutOffForAMinuteRings() throws Exception {
    List<String> cut =
        rule("filter", "INPUT", "-i", "lo", "-m", "connmark", "--mark", MARK, "-j", "DROP");
    try (ClusterLoad load = new ClusterLoad(servers, PER_SECOND)) {
      pass(Duration.ofSeconds(10));
      long before = count(servers.get(0), "members: n1, n2, n3$");
      add(cut);
      servers.get(0).untilLogged("n3 has gone");
      servers.get(2).untilLogged("members: n3$");
      pass(Duration.ofSeconds(60));
      remove(cut);
      untilTogether(before);
      pass(Duration.ofSeconds(10));
      ClusterLoad.Result result = load.end(cluster.sandbox);
      report("one of three cut off for 60 s, and back", result);
      assertEquals(0, result.lost(), load.failures()::toString);
      assertEquals(0, result.late());
      // Those that were on their way when the network broke, and no others.
      assertTrue(result.doubled() <= 5 * PER_SECOND, result::toString);
    }
  }

  @Test
  void whatIsSentWhilePacketsAreLostRings() throws Exception {
    List<List<String>> losses = new ArrayList<>();
    try (ClusterLoad load = new ClusterLoad(servers, PER_SECOND)) {
      pass(Duration.ofSeconds(5));
      for (int port : List.of(cluster.port(), cluster.busPort())) {
        for (String side : List.of("--dport", "--sport")) {
          losses.add(
              rule(
                  "filter",
                  "INPUT",
                  "-i",
                  "lo",
                  "-p",
                  "tcp",
                  side,
                  Integer.toString(port),
                  "-m",
                  "statistic",
                  "--mode",
                  "random",
                  "--probability",
                  "0.05",
                  "-j",
                  "DROP"));
        }
      }
      for (List<String> loss : losses) {
        add(loss);
      }
      pass(Duration.ofSeconds(30));
      for (List<String> loss : losses) {
        remove(loss);
      }
      pass(Duration.ofSeconds(5));
      ClusterLoad.Result result = load.end(cluster.sandbox);
      report("one packet of twenty lost for 30 s", result);
      assertEquals(0, result.lost(), load.failures()::toString);
      assertEquals(0, result.late());
      assertTrue(result.doubled() <= result.asked() / 100, result::toString);
    }
  }

  @Test
  void certificatesAreRenewedWhileAllRings() throws Exception {
    try (ClusterLoad load = new ClusterLoad(servers, PER_SECOND)) {
      pass(Duration.ofSeconds(5));
      for (int node = 1; node <= servers.size(); node++) {
        cluster.certify(node, cluster.tls.authority());
        servers.get(node - 1).untilLogged("the renewed certificate");
        pass(Duration.ofSeconds(2));
      }
      // New connections show the new ones: to a server that comes again.
      servers.get(1).kill();
      servers.get(0).untilLogged("n2 has gone");
      ServerProcess again = cluster.start(2);
      again.untilLogged("members: n1, n2, n3$");
      pass(Duration.ofSeconds(5));
      ClusterLoad.Result result = load.end(cluster.sandbox);
      report("certificates renewed, then one killed", result);
      assertEquals(0, result.lost(), load.failures()::toString);
      assertEquals(0, result.late());
    }
  }
}
