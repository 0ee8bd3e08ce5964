// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.container;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.config.Overrides;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.Settings;
import org.pushserver.config.SettingsReader;
import org.pushserver.fake.Command;
import org.pushserver.fake.Programs;
import org.pushserver.fake.TestKeys;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The chart, read by the real helm, where that is: {@code bin/check --long} brings it. */
@Timeout(120)
class ChartIT {
  private static final String CHART = "conf/kubernetes";
  private static final String SECRET = "existingSecret=phones";

  @TempDir private Path directory;

  @BeforeAll
  static void helmIsHere() {
    assumeTrue(Programs.areHere("helm"), "there is no helm");
  }

  private static Command.Ended template(String... values) throws Exception {
    // A helm that was built from its sources takes a very old Kubernetes for the newest.
    List<String> command =
        new ArrayList<>(
            List.of("helm", "template", "push", CHART, "--kube-version", "1.34.0", "-n", "phones"));
    for (String value : values) {
      command.add("--set");
      command.add(value);
    }
    return Command.of(command).run();
  }

  /** What is made, by its kind and name. */
  private static Map<String, JsonObject> made(String... values) throws Exception {
    Command.Ended ended = template(values);
    assertEquals(0, ended.code(), ended.said());
    LoaderOptions strict = new LoaderOptions();
    strict.setAllowDuplicateKeys(false);
    Map<String, JsonObject> made = new LinkedHashMap<>();
    for (Object each : new Yaml(new SafeConstructor(strict)).loadAll(ended.said())) {
      if (each instanceof Map<?, ?> map) {
        JsonObject object = new JsonObject(new JsonObject(copy(map)).encode());
        String name = object.getJsonObject("metadata").getString("name");
        made.put(object.getString("kind") + " " + name, object);
      }
    }
    return made;
  }

  private static Map<String, Object> copy(Map<?, ?> map) {
    Map<String, Object> copy = new LinkedHashMap<>();
    map.forEach((key, value) -> copy.put(key.toString(), value));
    return copy;
  }

  private static JsonObject pod(Map<String, JsonObject> made) {
    return made.get("Deployment push-pushserver").getJsonObject("spec").getJsonObject("template");
  }

  private static String atStart(String... values) throws Exception {
    return pod(made(values))
        .getJsonObject("metadata")
        .getJsonObject("annotations")
        .getString("pushserver.org/at-start");
  }

  @Test
  void helmFindsNothingWrong() throws Exception {
    Command.Ended ended = Command.of("helm", "lint", CHART, "--strict", "--set", SECRET).run();
    assertEquals(0, ended.code(), ended.said());
  }

  /** With whatever there is to set; the schemas are those of Kubernetes itself. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        SECRET,
        SECRET
            + ",replicas=3,tls.existingSecret=tls,podAntiAffinity=required,javaOptions=-Xlog:gc"
            + ",service.type=LoadBalancer,service.nodePort=30400,priorityClassName=high"
            + ",service.loadBalancerSourceRanges[0]=192.0.2.0/24,tolerations[0].operator=Exists"
            + ",networkPolicy.senders[0].ipBlock.cidr=192.0.2.0/24,networkPolicy.egressPorts[0]=3128"
            + ",imagePullSecrets[0].name=registry,nodeSelector.disk=ssd,podLabels.a=b"
            + ",podAnnotations.a=b,service.annotations.a=b,serviceAccount.annotations.a=b",
        "applications=x,replicas=1,networkPolicy.enabled=false,podAntiAffinity=none"
            + ",files.apns\\.p8=KEY,binaryFiles.other=aGk=,templates.bell\\.json=x"
      })
  void kubernetesKnowsEveryFieldOfWhatIsMade(String values) throws Exception {
    assumeTrue(Programs.areHere("kubernetes-validate"), "there is no kubernetes-validate");
    Command.Ended ended = template(values);
    assertEquals(0, ended.code(), ended.said());
    Path file = Files.writeString(directory.resolve("made.yaml"), ended.said());
    for (String version : List.of("1.25", "1.34")) {
      Command.Ended judged =
          Command.of("kubernetes-validate", "--strict", "-k", version, file.toString()).run();
      assertEquals(0, judged.code(), judged.said());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "replicas=2 | there are no applications",
        "existingSecret=a,applications=b | applications, files and binaryFiles must then be empty",
        "existingSecret=a,replicas=0 | at '/replicas'",
        "existingSecret=a,replica=3 | additional properties 'replica' not allowed",
        "existingSecret=Not_A_Name | at '/existingSecret'",
        "existingSecret=a,service.type=Foo | at '/service/type'",
        "existingSecret=a,drainTimeout=0 | at '/drainTimeout'",
        "existingSecret=a,terminationGracePeriodSeconds=20 | it must be at least 30",
        "existingSecret=a,general.serve.debug=yes | additional properties 'serve' not allowed",
        "existingSecret=a,general.server.Admin-Port=1 | is for the chart to decide",
        "existingSecret=a,image.digest=abc | at '/image/digest'"
      })
  void aWrongValueIsRefusedAndNamed(String values, String because) throws Exception {
    Command.Ended ended = template(values);
    assertNotEquals(0, ended.code(), ended.said());
    assertTrue(ended.said().contains(because), ended.said());
  }

  /** As a pod has it: general.ini of the chart, and what is in the secret, in one directory. */
  @Test
  void theServerUnderstandsTheConfigurationThatIsMade() throws Exception {
    Map<String, JsonObject> made =
        made(
            SECRET,
            "general.limits.max_body=1000000",
            "general.delivery.request_timeout=2.5",
            "general.server.return_async=false",
            "general.server.api_keys=api_keys");
    Files.writeString(
        directory.resolve("general.ini"),
        made.get("ConfigMap push-pushserver").getJsonObject("data").getString("general.ini"));
    Files.writeString(directory.resolve("AuthKey_ABC123DEFG.p8"), TestKeys.pem("EC", 256));
    Files.writeString(directory.resolve("api_keys"), "pbx " + "5f".repeat(32) + " *\n");
    Files.writeString(
        directory.resolve("applications.ini"),
        """
        [phone-ios]
        app_id = com.example.phone
        app_type = sylk
        app_platform = apple
        apple_key = AuthKey_ABC123DEFG.p8
        key_id = ABC123DEFG
        team_id = DEF123GHIJ
        """);
    Vertx vertx = Vertx.vertx();
    try {
      Settings settings = await(new SettingsReader(vertx).read(Overrides.directory(directory)));
      assertEquals(List.of(), settings.problems());
      assertEquals(1, settings.applications().size());
      ServerSettings server = settings.server();
      assertEquals(Duration.ofSeconds(15), server.drainTimeout());
      assertEquals("0.0.0.0", server.host());
    } finally {
      await(vertx.close());
    }
  }

  private static String strategy(String... values) throws Exception {
    return made(values)
        .get("Deployment push-pushserver")
        .getJsonObject("spec")
        .getJsonObject("strategy")
        .getString("type");
  }

  /** Two servers cannot have one spool. */
  @Test
  void withAVolumeOfItsOwnTheOldServerEndsBeforeTheNewOneStarts() throws Exception {
    assertEquals("RollingUpdate", strategy(SECRET));
    assertEquals(
        "Recreate",
        strategy(SECRET, "replicas=1", "state.persistentVolumeClaim.claimName=pushserver-state"));
  }

  @Test
  void aPodIsReplacedOnlyForWhatAServerTakesWhenItStarts() throws Exception {
    String usual = atStart(SECRET);
    assertEquals(usual, atStart(SECRET, "general.limits.max_body=1000"));
    assertEquals(usual, atStart(SECRET, "general.server.allowed_hosts=192.0.2.1"));
    assertNotEquals(usual, atStart(SECRET, "general.doors.flexisip=true"));
    assertNotEquals(usual, atStart(SECRET, "general.server.allow_get=true"));
    assertNotEquals(usual, atStart(SECRET, "general.limits.max_headers=4096"));
  }

  @Test
  void aPodIsKilledOnlyLongAfterItShouldHaveEnded() throws Exception {
    JsonObject spec =
        pod(made(SECRET, "drainTimeout=60", "preStopSeconds=7")).getJsonObject("spec");
    assertEquals(60 + 7 + 10, spec.getInteger("terminationGracePeriodSeconds"));
    JsonArray command =
        spec.getJsonArray("containers")
            .getJsonObject(0)
            .getJsonObject("lifecycle")
            .getJsonObject("preStop")
            .getJsonObject("exec")
            .getJsonArray("command");
    assertEquals(List.of("sleep", "7"), command.getList());
  }

  @Test
  void oneServerAloneDoesNotKeepItsNodeFromBeingEmptied() throws Exception {
    assertTrue(made(SECRET).containsKey("PodDisruptionBudget push-pushserver"));
    assertEquals(
        false, made(SECRET, "replicas=1").containsKey("PodDisruptionBudget push-pushserver"));
  }
}
