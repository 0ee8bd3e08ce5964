// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.pushserver.cluster.ClusterCounts;

class ClusterHealthTest {
  @Test
  void whatIsMeasuredOfAClusterIsExplainedToOperatorsAndNothingElse() throws Exception {
    PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    new ClusterHealth(List::of, new ClusterCounts()).show(registry);
    assertEquals(
        TokenMetersTest.names("(?m)^# TYPE (pushserver_cluster_\\w+)", registry.scrape()),
        TokenMetersTest.names(
            "`(pushserver_cluster_\\w+)`", Files.readString(Path.of("src/docs/operations.md"))));
  }
}
