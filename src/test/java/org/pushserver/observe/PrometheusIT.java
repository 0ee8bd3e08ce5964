// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.observe;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The running server, its alerts and its dashboard, as a real Prometheus sees them. */
@Timeout(60)
class PrometheusIT {
  private static final Path ALERTS = Path.of("conf/prometheus-alerts.yml");
  private static final Path CASES = Path.of("src/test/resources/prometheus/alerts-test.yml");
  private static final Path DASHBOARD = Path.of("conf/grafana-dashboard.json");
  private static final Pattern METRIC = Pattern.compile("\\b(?:pushserver|jvm|process)_[a-z_]+");

  /** Of a client certificate, and of a collection of garbage. */
  private static final Set<String> MAY_BE_ABSENT =
      Set.of("pushserver_credential_expiry_timestamp_seconds", "jvm_gc_pause_seconds_sum");

  @TempDir static Path directory;

  private static ObservedServer observed;
  private static Prometheus prometheus;

  @BeforeAll
  static void start() throws Exception {
    observed =
        new ObservedServer(
            directory,
            "admin_port = 0",
            "trail = yes",
            "spool = yes",
            "state_dir = " + directory.resolve("state"));
    prometheus = new Prometheus(directory, observed.server.adminPort(), ALERTS);
    for (int i = 0; i < 3; i++) {
      assertEquals(200, observed.ring("phone-of-bob", "c" + i).statusCode());
    }
    assertEquals(410, observed.ring("dead-phone", "c3").statusCode());
  }

  @AfterAll
  static void stop() {
    try {
      if (prometheus != null) {
        prometheus.close();
      }
    } finally {
      observed.close();
    }
  }

  private static void untilIs(String expression, String value) throws Exception {
    JsonObject answer =
        prometheus.until(Prometheus.query(expression), found -> value.equals(value(found)));
    assertEquals("success", answer.getString("status"));
  }

  /** The value of an answer that has one series; null when there is none. */
  private static String value(JsonObject answer) {
    JsonArray result = answer.getJsonObject("data").getJsonArray("result");
    return result.size() == 1 ? result.getJsonObject(0).getJsonArray("value").getString(1) : null;
  }

  @Test
  void whatItScrapedIsWhatHappened() throws Exception {
    untilIs("up{job=\"pushserver\"}", "1");
    untilIs("sum(pushserver_pushes_accepted_total{platform=\"firebase\"})", "4");
    untilIs("sum(pushserver_pushes_ended_total{outcome=\"delivered\"})", "3");
    untilIs("sum(pushserver_pushes_ended_total{outcome=\"dead_token\"})", "1");
    untilIs("sum(pushserver_push_duration_seconds_count{event=\"incoming_session\"})", "4");
    untilIs("sum(pushserver_attempt_seconds_bucket{le=\"+Inf\"})", "4");
  }

  @Test
  void theAlertsLoadAndCanBeEvaluated() throws Exception {
    Prometheus.promtool("check", "rules", ALERTS.toString());
    JsonObject answer = prometheus.until("rules", found -> healths(found).equals(Set.of("ok")));
    assertFalse(rules(answer).isEmpty());
  }

  private static JsonArray rules(JsonObject answer) {
    return answer
        .getJsonObject("data")
        .getJsonArray("groups")
        .getJsonObject(0)
        .getJsonArray("rules");
  }

  private static Set<String> healths(JsonObject answer) {
    return rules(answer).stream()
        .map(rule -> ((JsonObject) rule).getString("health"))
        .collect(Collectors.toSet());
  }

  @Test
  void theAlertsRingWhenTheyShould() throws Exception {
    Prometheus.promtool("test", "rules", CASES.toString());
  }

  @Test
  void everyAlertIsTried() throws Exception {
    Set<String> tried = named("alertname: (\\w+)", Files.readString(CASES));
    assertEquals(named("alert: (\\w+)", Files.readString(ALERTS)), tried);
  }

  private static Set<String> named(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .collect(Collectors.toSet());
  }

  @Test
  void everyQueryOfTheDashboardIsUnderstood() throws Exception {
    List<String> queries = queries();
    assertTrue(queries.size() > 20);
    for (String query : queries) {
      String expression =
          query.replace("$__rate_interval", "10s").replaceAll("\\$(application|platform)", ".*");
      JsonObject answer = prometheus.until(Prometheus.query(expression), found -> true);
      assertEquals("success", answer.getString("status"), () -> expression + ": " + answer);
    }
  }

  private static List<String> queries() throws Exception {
    List<String> queries = new ArrayList<>();
    JsonObject dashboard = new JsonObject(Files.readString(DASHBOARD));
    for (Object panel : dashboard.getJsonArray("panels")) {
      for (Object target : ((JsonObject) panel).getJsonArray("targets", new JsonArray())) {
        queries.add(((JsonObject) target).getString("expr"));
      }
    }
    return queries;
  }

  @Test
  void whatAlertsAndDashboardAskForIsMeasured() throws Exception {
    Set<String> asked = new TreeSet<>(names(Files.readString(ALERTS)));
    queries().forEach(query -> asked.addAll(names(query)));
    asked.removeAll(MAY_BE_ABSENT);
    // There where tokens are stored; TokenMetersTest looks at them.
    asked.removeIf(name -> name.startsWith("pushserver_tokens_"));
    // In a cluster; ClusterHealthTest looks at them.
    asked.removeIf(name -> name.startsWith("pushserver_cluster_"));
    String text = observed.get(observed.server.adminPort(), "/metrics").body();
    asked.removeAll(names(text));
    assertEquals(Set.of(), asked);
  }

  @Test
  void whatIsMeasuredAndRingsIsExplainedToOperators() throws Exception {
    String page = Files.readString(Path.of("src/docs/operations.md"));
    String text = observed.get(observed.server.adminPort(), "/metrics").body();
    Set<String> measured = named("(?m)^# TYPE (pushserver_\\w+)", text);
    // The maxima that stand beside histograms are explained together.
    measured.removeIf(name -> name.endsWith("_max"));
    measured.removeAll(named("`(pushserver_\\w+)`", page));
    assertEquals(Set.of(), measured);
    Set<String> alerts = named("alert: (\\w+)", Files.readString(ALERTS));
    alerts.removeAll(named("`(Pushserver\\w+)`", page));
    assertEquals(Set.of(), alerts);
  }

  private static Set<String> names(String text) {
    return METRIC.matcher(text).results().map(MatchResult::group).collect(Collectors.toSet());
  }
}
