// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pushserver.cluster.ClusterCounts;

class ClusterHealthTest {
  private static Set<String> measured() {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new ClusterHealth(List::of, new ClusterCounts()).show(registry);
    return TokenMetersTest.names("(?m)^# TYPE (pushserver_cluster_\\w+)", registry.scrape());
  }

  @Test
  void whatIsMeasuredOfAClusterIsExplainedToOperatorsAndNothingElse() throws Exception {
    assertEquals(
        measured(),
        TokenMetersTest.names(
            "`(pushserver_cluster_\\w+)`", Files.readString(Path.of("src/docs/operations.md"))));
  }

  @Test
  void whatAlertsAskForOfAClusterIsMeasured() throws Exception {
    Set<String> asked =
        TokenMetersTest.names(
            "(pushserver_cluster_\\w+)", Files.readString(Path.of("conf/prometheus-alerts.yml")));
    assertFalse(asked.isEmpty());
    asked.removeAll(measured());
    assertEquals(Set.of(), asked);
  }
}
