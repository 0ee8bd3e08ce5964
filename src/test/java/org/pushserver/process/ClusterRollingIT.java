// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.cli.Version;
import org.pushserver.fake.Await;
import org.pushserver.fake.TestTls;
import org.pushserver.process.ClusterLoad.Plan;

/**
 * Three servers that get another authority and are upgraded one after the other, while calls come
 * in. Those to be upgraded are this version under another name, or, with {@code
 * -Dpushserver.old=JAR}, that jar.
 */
@Timeout(300)
@EnabledIfSystemProperty(
    named = "pushserver.cluster",
    matches = "true",
    disabledReason = "bin/check --long upgrades the servers of a cluster")
class ClusterRollingIT {
  private static final int PER_SECOND = Integer.getInteger("pushserver.cluster.load", 500);
  private static final String OLD = "0.9.0";

  @TempDir private Path directory;

  @RegisterExtension private final ClusterFixture cluster = new ClusterFixture(() -> directory);

  private final List<ServerProcess> servers = new CopyOnWriteArrayList<>();

  @BeforeEach
  void startOldOnes() throws Exception {
    String jar = System.getProperty("pushserver.old");
    String[] options =
        jar == null
            ? new String[] {"-Xbootclasspath/a:" + named(OLD)}
            : new String[] {"-cp", Path.of(jar).toAbsolutePath().toString()};
    for (int node = 1; node <= 3; node++) {
      servers.add(cluster.start(node, options));
    }
    for (ServerProcess server : servers) {
      server.untilLogged("members: n1, n2, n3$");
      assertFalse(
          server.log().contains("Pushserver " + Version.current()), "it is no other version");
    }
  }

  /** Where the JVM finds a name of the version before it finds that of this one. */
  private Path named(String version) throws Exception {
    Path file =
        directory
            .resolve("old")
            .resolve(Version.class.getPackageName().replace('.', '/'))
            .resolve("version.txt");
    Files.createDirectories(file.getParent());
    Files.writeString(file, version);
    return directory.resolve("old");
  }

  private static void pass(Duration time) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(time.toMillis());
  }

  /** As cluster.md says it: first both are believed, then all show the new one's certificates. */
  private void changeAuthority() throws Exception {
    X509Bundle other =
        TestTls.valid()
            .subject("CN=Another authority")
            .setIsCertificateAuthority(true)
            .buildSelfSigned();
    Path ca = cluster.tls.ca();
    Files.writeString(ca, Files.readString(ca) + other.getCertificatePEM());
    untilRenewed(1);
    for (int node = 1; node <= servers.size(); node++) {
      cluster.certify(node, other);
    }
    untilRenewed(2);
    Files.writeString(ca, other.getCertificatePEM());
    untilRenewed(3);
  }

  private void untilRenewed(int times) throws Exception {
    for (ServerProcess server : servers) {
      server.signal("HUP");
    }
    for (ServerProcess server : servers) {
      Await.until(
          Duration.ofSeconds(30),
          () -> server.log().split("show the renewed certificate", -1).length > times,
          () -> "not renewed " + times + " times:\n" + server.log());
    }
  }

  private void upgrade(int node) throws Exception {
    ServerProcess old = servers.get(node - 1);
    old.signal("TERM");
    assertEquals(0, old.exitCode(60));
    ServerProcess now = cluster.start(node);
    now.untilLogged("members: n1, n2, n3$");
    servers.set(node - 1, now);
    for (ServerProcess other : servers) {
      if (other != now) {
        other.untilLogged("n" + node + " is there, with Pushserver " + Version.current());
      }
    }
  }

  @Test
  void noCallIsLostWhileAllAreUpgradedAndHaveAnotherAuthority() throws Exception {
    try (ClusterLoad load = new ClusterLoad(servers, cluster.sandbox, Plan.rings(PER_SECOND))) {
      pass(Duration.ofSeconds(6));
      changeAuthority();
      for (int node = 1; node <= servers.size(); node++) {
        upgrade(node);
        pass(Duration.ofSeconds(2));
      }
      ClusterResult result = load.end();
      result.print("another authority, three upgrades, " + PER_SECOND + "/s");
      assertEquals(0, result.lost(), load.failures()::toString);
      assertEquals(0, result.late(), result::lateStories);
      // Who stops ends what is with the push service, and hands over the rest: it is no fault.
      ClusterDoubles doubles = result.doubles(cluster.logs());
      doubles.print();
      assertEquals(
          List.of(), doubles.besides(Set.of(DoubleReason.ASKED_AGAIN)), "doubled without a reason");
    }
  }
}
