// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.pushserver.cli.Version;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** What image, compose file and chart say, compared with each other and with the server. */
class ContainerFilesTest {
  private static final Path CONTAINER = Path.of("conf/container");
  private static final Path CHART = Path.of("conf/kubernetes");
  private static final String USER = "65532";

  private static String text(Path file) throws IOException {
    return Files.readString(file);
  }

  private static JsonObject yaml(Path file) throws IOException {
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    Map<String, Object> read = new Yaml(new SafeConstructor(strict)).load(text(file));
    return new JsonObject(read);
  }

  private static String template(String name) throws IOException {
    return text(CHART.resolve("templates").resolve(name));
  }

  /** What the first group finds. */
  private static Set<String> all(String pattern, String text) {
    return Pattern.compile(pattern)
        .matcher(text)
        .results()
        .map(found -> found.group(1))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static JsonObject services() throws IOException {
    return yaml(CONTAINER.resolve("compose.yaml")).getJsonObject("services");
  }

  private static long seconds(String text) {
    return Long.parseLong(text.replaceFirst("s$", ""));
  }

  @Test
  void imageAndChartAreOfThisVersion() throws Exception {
    String version = Version.current();
    assertEquals(
        Set.of(version), all("(?m)^ARG VERSION=(.*)$", text(CONTAINER.resolve("Dockerfile"))));
    assertEquals(version, yaml(CHART.resolve("Chart.yaml")).getString("appVersion"));
  }

  @Test
  void everywhereTheServerRunsAsTheSameUser() throws Exception {
    String image = text(CONTAINER.resolve("Dockerfile"));
    assertEquals(Set.of(USER + ":" + USER), all("(?m)^USER (.*)$", image));
    assertTrue(image.contains("pushserver:x:" + USER + ":" + USER + ":"), image);
    assertTrue(image.contains("-o " + USER + " -g " + USER + " /var/lib/pushserver"), image);
    assertEquals(
        Set.of(USER),
        all("(?m)^\\s+(?:runAsUser|runAsGroup|fsGroup): (.*)$", template("deployment.yaml")));
  }

  @Test
  void whoAsksForHealthAndMetricsAsksAtPagesThatThereAre() throws Exception {
    String documented = text(Path.of("src/main/resources/org/pushserver/ingress/openapi.json"));
    Set<String> pages = new JsonObject(documented).getJsonObject("paths").fieldNames();
    String asking =
        template("deployment.yaml")
            + template("servicemonitor.yaml")
            + text(CONTAINER.resolve("healthcheck"));
    Set<String> asked = all("(?:path: |GET )(/(?:health|metrics)[a-z/]*)", asking);
    assertEquals(Set.of("/health/live", "/health/ready", "/metrics"), asked);
    assertTrue(pages.containsAll(asked), pages.toString());
  }

  @Test
  void theServerHasTimeToEndWhatItHasAccepted() throws Exception {
    Set<String> sample = all("(?m)^; drain_timeout = (.*)$", text(Path.of("conf/general.ini")));
    long drain = seconds(sample.iterator().next());
    JsonObject values = yaml(CHART.resolve("values.yaml"));
    assertEquals(drain, values.getLong("drainTimeout"));
    JsonObject services = services();
    for (String service : List.of("server", "trial")) {
      String grace = services.getJsonObject(service).getString("stop_grace_period");
      assertTrue(seconds(grace) >= drain + 10, service + " " + grace);
    }
  }

  @Test
  void everyServiceOfTheComposeFileHasLittleOfTheMachineAndIsAskedForItsHealth() throws Exception {
    JsonObject services = services();
    for (String name : services.fieldNames()) {
      JsonObject service = services.getJsonObject(name);
      assertEquals(true, service.getValue("read_only"), name);
      assertEquals(List.of("ALL"), service.getJsonArray("cap_drop").getList(), name);
      assertEquals(List.of("/tmp"), service.getJsonArray("tmpfs").getList(), name);
      assertTrue(service.getString("mem_limit").endsWith("m"), name);
      assertEquals(
          "/usr/share/pushserver/healthcheck",
          service.getJsonObject("healthcheck").getJsonArray("test").getString(1),
          name);
      if (service.containsKey("ports")) {
        for (Object port : service.getJsonArray("ports")) {
          assertTrue(port.toString().contains("127.0.0.1"), name + " " + port);
        }
      }
    }
  }

  @Test
  void whatTheChartTakesIsWhatItsSchemaKnows() throws Exception {
    JsonObject schema = new JsonObject(text(CHART.resolve("values.schema.json")));
    compare("", schema.getJsonObject("properties"), yaml(CHART.resolve("values.yaml")));
  }

  private static void compare(String at, JsonObject schema, JsonObject values) {
    Set<String> known = new TreeSet<>(schema.fieldNames());
    // Helm's own.
    known.remove("global");
    assertEquals(known, new TreeSet<>(values.fieldNames()), at);
    for (String key : known) {
      JsonObject inner = schema.getJsonObject(key).getJsonObject("properties");
      Object value = values.getValue(key);
      if (inner != null && value instanceof JsonObject filled && !filled.isEmpty()) {
        Set<String> missing = new TreeSet<>(filled.fieldNames());
        missing.removeAll(inner.fieldNames());
        assertEquals(Set.of(), missing, at + "/" + key);
      }
    }
  }

  /** The table of configuration.md says what needs a restart; there the chart starts new pods. */
  @Test
  void aChangeThatNeedsARestartStartsNewPods() throws Exception {
    String row =
        Files.readAllLines(Path.of("src/docs/configuration.md")).stream()
            .filter(line -> line.contains("| needs a restart;"))
            .findFirst()
            .orElseThrow();
    String helpers = template("_helpers.tpl");
    String atStart = helpers.substring(helpers.indexOf("define \"pushserver.atStart\""));
    // These are the chart's to decide, or are in the pod itself.
    Set<String> decided = Set.of("port");
    List<String> lost =
        Pattern.compile("`\\[?([a-z_]+)]?`")
            .matcher(row.substring(0, row.indexOf("| needs")))
            .results()
            .map(found -> found.group(1))
            .filter(name -> !decided.contains(name))
            // Of [bus] all of it counts.
            .filter(name -> !Set.of("push", "prefix").contains(name))
            .filter(name -> !atStart.contains(name))
            .toList();
    assertEquals(List.of(), lost, row);
  }

  @Test
  void whereverTheServerRunsItMayWriteWhereTheTrailIs() throws Exception {
    String place = "/var/lib/pushserver";
    assertTrue(text(Path.of("conf/general.ini")).contains("; state_dir = " + place));
    for (String service : List.of("server", "trial")) {
      List<String> writable =
          services().getJsonObject(service).getJsonArray("volumes").stream()
              .map(Object::toString)
              .filter(volume -> volume.endsWith(":" + place))
              .toList();
      assertEquals(1, writable.size(), service);
    }
    Set<String> mounted =
        all("(?m)name: state\n +mountPath: .*\"(/[a-z/]+)\"", template("deployment.yaml"));
    assertEquals(Set.of(place), mounted);
  }

  @Test
  void theAlertsFindTheJobThatTheChartMakes() throws Exception {
    assertTrue(
        text(Path.of("conf/prometheus-alerts.yml")).contains("job=\"pushserver\""), "the alerts");
    assertEquals("pushserver", yaml(CHART.resolve("Chart.yaml")).getString("name"));
    assertTrue(
        template("servicemonitor.yaml").contains("jobLabel: app.kubernetes.io/name"), "the label");
  }
}
