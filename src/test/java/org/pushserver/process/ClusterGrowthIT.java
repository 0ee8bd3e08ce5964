// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What each of two, four and eight servers takes, all on one machine and with the same rings in
 * all: figures for cluster.md, by {@code bin/check -Dpushserver.cluster.growth=true
 * -Dit.test=ClusterGrowthIT}. To be run alone.
 */
@Timeout(240)
@EnabledIfSystemProperty(
    named = "pushserver.cluster.growth",
    matches = "true",
    disabledReason = "figures, not a check")
class ClusterGrowthIT {
  private static final int PER_SECOND = 100;
  private static final Duration WARM = Duration.ofSeconds(15);
  private static final Duration MEASURED = Duration.ofSeconds(20);
  private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");

  @TempDir private Path directory;

  @RegisterExtension private final ClusterFixture cluster = new ClusterFixture(() -> directory);

  private static long cpuMs(List<ServerProcess> servers) {
    return servers.stream()
        .mapToLong(
            server ->
                ProcessHandle.of(server.pid())
                    .flatMap(process -> process.info().totalCpuDuration())
                    .map(Duration::toMillis)
                    .orElse(0L))
        .sum();
  }

  private static long residentMb(ServerProcess server) throws Exception {
    Matcher found =
        RESIDENT.matcher(Files.readString(Path.of("/proc", "" + server.pid(), "status")));
    return found.find() ? Long.parseLong(found.group(1)) / 1024 : 0;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 8})
  void serversThatGrowInNumber(int number) throws Exception {
    List<ServerProcess> servers = new ArrayList<>();
    for (int node = 1; node <= number; node++) {
      servers.add(cluster.start(node));
    }
    try (ClusterLoad load =
        new ClusterLoad(servers, cluster.sandbox, ClusterLoad.Plan.rings(PER_SECOND))) {
      TimeUnit.MILLISECONDS.sleep(WARM.toMillis());
      long before = cpuMs(servers);
      int asked = load.asked();
      TimeUnit.MILLISECONDS.sleep(MEASURED.toMillis());
      double perRing = (cpuMs(servers) - before) * 1000.0 / (load.asked() - asked);
      long resident = residentMb(servers.get(0));
      ClusterResult result = load.end();
      System.out.printf(
          Locale.ROOT,
          "| servers | CPU of all per ring | memory of one | slowest |%n"
              + "| %d | %.0f µs | %d MB | %d ms |%n",
          number,
          perRing,
          resident,
          result.slowestMs());
      assertEquals(0, result.lost());
      assertEquals(0, result.doubled());
    }
  }
}
