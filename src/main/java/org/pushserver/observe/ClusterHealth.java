// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import com.fasterxml.jackson.core.JsonGenerator;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.pushserver.cluster.ClusterCounts;
import org.pushserver.cluster.NodeReport;

/**
 * How the servers of a cluster are, as this one knows it: nobody is asked, and nobody waited for.
 * Loaded only when there is a cluster. Any thread.
 */
public final class ClusterHealth {
  private final Supplier<List<NodeReport>> nodes;
  private final ClusterCounts counts;

  /**
   * @param nodes tells how they are now
   * @param counts what they have done for each other
   */
  public ClusterHealth(Supplier<List<NodeReport>> nodes, ClusterCounts counts) {
    this.nodes = nodes;
    this.counts = counts;
  }

  /** In one word: {@code up}, {@code stopping}, {@code silent}. */
  public static String state(NodeReport report) {
    return !report.answers() ? "silent" : report.isStopping() ? "stopping" : "up";
  }

  /** Writes the field {@code nodes} of an object. */
  void write(JsonGenerator json) throws IOException {
    json.writeArrayFieldStart("nodes");
    for (NodeReport report : nodes.get()) {
      json.writeStartObject();
      json.writeStringField("name", report.node().name());
      json.writeStringField("version", report.node().version());
      json.writeBooleanField("self", report.isSelf());
      json.writeStringField("state", state(report));
      if (report.since() > 0) {
        json.writeStringField("since", Instant.ofEpochMilli(report.since()).toString());
      }
      json.writeNumberField("applications", report.applications());
      json.writeNumberField("applications_connected", report.up());
      json.writeNumberField("waiting", report.waiting());
      json.writeNumberField("silent_seconds", report.silentMs() / 1000);
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  /** Shows it all; read when it is looked at. */
  void show(MeterRegistry registry) {
    gauge(registry, "members", "Servers that belong to the cluster, with this one", List::size);
    gauge(
        registry,
        "members.silent",
        "Those of them that do not answer",
        all -> all.stream().filter(one -> !one.answers()).count());
    count(
        registry,
        "forwarded",
        "Pushes that came in here, and were handed to the server that they belong to",
        ClusterCounts::forwarded);
    count(
        registry,
        "attempts.through.others",
        "Attempts that other servers made for this one, which had no connection",
        ClusterCounts::attemptsThroughOthers);
    count(
        registry,
        "attempts.for.others",
        "Attempts that were made here for other servers",
        ClusterCounts::attemptsForOthers);
    count(
        registry,
        "taken.over",
        "Pushes of other servers that went on here",
        ClusterCounts::takenOver);
    count(
        registry,
        "possibly.doubled",
        "Those of them that the other server may have sent, too",
        ClusterCounts::possiblyDoubled);
    count(
        registry,
        "doubled",
        "Pushes that were ended by two servers, as was seen when they met again",
        ClusterCounts::doubled);
    count(
        registry,
        "copies",
        "Pushes of this server that had a copy at another, because they waited",
        ClusterCounts::copies);
    count(
        registry,
        "without.copy",
        "Pushes of this server that waited, and no other server took a copy in time",
        ClusterCounts::withoutCopy);
  }

  private void gauge(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<List<NodeReport>> value) {
    Gauge.builder("pushserver.cluster." + name, nodes, all -> value.applyAsDouble(all.get()))
        .description(description)
        .strongReference(true)
        .register(registry);
  }

  private void count(
      MeterRegistry registry,
      String name,
      String description,
      ToDoubleFunction<ClusterCounts> value) {
    FunctionCounter.builder("pushserver.cluster." + name, counts, value)
        .description(description)
        .register(registry);
  }
}
