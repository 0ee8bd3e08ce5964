// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.pushserver.fake.Await.await;
import static org.pushserver.fake.Await.failure;

import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;

class EmbeddedConfigTest {
  @TempDir Path directory;
  private Vertx vertx;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
  }

  @AfterEach
  void stop() {
    await(vertx.close());
  }

  private Settings look(JsonObject json) throws ConfigException {
    return await(new SettingsReader(vertx).look(EmbeddedConfig.of(json).source()));
  }

  private List<String> problems(JsonObject json) throws ConfigException {
    return look(json).problems().stream()
        .map(problem -> problem.severity() + " " + problem)
        .map(text -> text.replace(directory + "/", ""))
        .toList();
  }

  private static JsonObject app() {
    return new JsonObject()
        .put("app_id", "com.example.one")
        .put("app_type", "sylk")
        .put("app_platform", "apple")
        .put("apple_certificate", "one.pem");
  }

  private JsonObject json(JsonObject app) {
    return new JsonObject()
        .put("applications", new JsonObject().put("one", app))
        .put("directory", directory.toString());
  }

  private AppConfig read(JsonObject app) throws ConfigException {
    Settings settings = look(json(app));
    assertEquals(1, settings.applications().size(), settings.problems()::toString);
    return settings.applications().get(0);
  }

  @Test
  void withoutGeneralTheDefaultsHold() throws Exception {
    Settings settings = look(json(app()));
    assertEquals(8400, settings.server().port());
    assertEquals(List.of(), settings.problems());
    assertEquals(Doors.ALL, EmbeddedConfig.of(json(app())).doors());
  }

  @Test
  void valuesAreTextNumbersBooleansAndListsOfThese() throws Exception {
    JsonObject general =
        new JsonObject()
            .put(
                "server",
                new JsonObject()
                    .put("port", 8401.0)
                    .put("return_async", false)
                    .put("drain_timeout", 0.5)
                    .put("allowed_hosts", new JsonArray().add("10.0.0.0/8").add("192.0.2.7")));
    Settings settings = look(json(app()).put("general", general));
    assertEquals(List.of(), settings.problems());
    assertEquals(8401, settings.server().port());
    assertEquals(false, settings.server().waitForResult());
    assertEquals(Duration.ofMillis(500), settings.server().drainTimeout());
    assertEquals(
        look(json(app())
                .put(
                    "general",
                    new JsonObject()
                        .put(
                            "server",
                            new JsonObject().put("allowed_hosts", "10.0.0.0/8, 192.0.2.7"))))
            .server()
            .access(),
        settings.server().access());
  }

  @Test
  void mapsAndListsAreWhatVertxTakesThemFor() throws Exception {
    JsonObject json =
        new JsonObject(
            Map.of(
                "applications", Map.of("one", app().getMap()), "directory", directory.toString()));
    assertEquals("com.example.one", look(json).applications().get(0).key().appId());
  }

  @Test
  void aPercentSignIsOne() throws Exception {
    assertEquals(
        "a%20b%%c", read(app().put("log_remote_url", "a%20b%%c")).settings().get("log_remote_url"));
  }

  @Test
  void keysAreSpeltAsInTheFiles() throws Exception {
    AppConfig app = read(app().put("Call-Deadline", 45));
    assertEquals(Duration.ofSeconds(45), app.delivery().callDeadline());
  }

  @Test
  void aKeyThatIsThereTwiceIsAnError() throws Exception {
    assertEquals(
        List.of(
            "ERROR configuration (JSON) applications [one] APP_ID: this key is there as app_id,"
                + " too; remove one of the two"),
        problems(json(app().put("APP_ID", "other"))));
  }

  @Test
  void theDefaultSectionHoldsForAll() throws Exception {
    JsonObject json = json(app());
    json.getJsonObject("applications").put("DEFAULT", new JsonObject().put("call_deadline", 45));
    Settings settings = look(json);
    assertEquals(1, settings.applications().size());
    assertEquals(Duration.ofSeconds(45), settings.applications().get(0).delivery().callDeadline());
  }

  @Test
  void filesAreWhereTheDirectoryIs() throws Exception {
    AppConfig app = read(app().put("payload_template", "a.json"));
    assertEquals(directory.resolve("credentials/one.pem"), app.path("apple_certificate").get());
    assertEquals(directory.resolve("a.json"), app.beside("payload_template").get());
  }

  @Test
  void withoutADirectoryFilesAreWhereTheProcessIs() throws Exception {
    JsonObject json = json(app().put("payload_template", "a.json"));
    json.remove("directory");
    Settings settings = look(json);
    assertEquals(Path.of("").toAbsolutePath(), settings.directory());
    AppConfig app = settings.applications().get(0);
    assertEquals(Path.of("a.json"), app.beside("payload_template").get());
    assertEquals("configuration (JSON) applications", app.file());
  }

  @Test
  void theFilesOfADirectoryAreNotLookedAt() throws Exception {
    Files.writeString(directory.resolve("general.ini"), "[server]\nport = none\n");
    Settings settings = look(json(app()));
    assertEquals(List.of(), settings.problems());
    assertEquals(List.of(directory.resolve("credentials/one.pem")), settings.files());
  }

  @Test
  void aFileOfApplicationsIsNotUsed() throws Exception {
    JsonObject general =
        new JsonObject().put("applications", new JsonObject().put("config_file", "apps.ini"));
    assertEquals(
        List.of(
            "WARNING configuration (JSON) general [applications] config_file: it is not used, since"
                + " the applications are in the JSON; remove it"),
        problems(json(app()).put("general", general)));
  }

  @Test
  void noApplicationsAreToldAsOfAFile() throws Exception {
    JsonObject json = json(app());
    json.remove("applications");
    assertEquals(
        List.of(
            "ERROR configuration (JSON) applications: there is no section in it, so there is no"
                + " application to send for; add one"),
        problems(json.put("general", new JsonObject())));
  }

  @Test
  void aDirectoryThatIsNotThereIsNamed() throws Exception {
    JsonObject json = json(app()).put("directory", "/no/such");
    Throwable cause = failure(new SettingsReader(vertx).read(EmbeddedConfig.of(json).source()));
    assertEquals(
        "configuration (JSON) directory: /no/such is no directory; create it or name another",
        cause.getMessage());
  }

  static List<JsonObject> wrong() {
    JsonObject infinite = new JsonObject().put("call_deadline", Double.POSITIVE_INFINITY);
    return List.of(
        new JsonObject().putNull("call_deadline"),
        new JsonObject().put("call_deadline", new JsonObject()),
        new JsonObject().put("call_deadline", new JsonArray().add(new JsonArray())),
        new JsonObject().put("call_deadline", new byte[1].clone()),
        new JsonObject().put("call_deadline", new BigDecimal("1e999999999")),
        infinite);
  }

  @ParameterizedTest
  @MethodSource("wrong")
  void aValueOfAnotherTypeStopsItsApplicationAlone(JsonObject section) throws Exception {
    JsonObject json = json(app());
    json.getJsonObject("applications")
        .put("other", app().put("app_id", "com.example.other").mergeIn(section));
    Settings settings = look(json);
    assertEquals(
        List.of("com.example.one"),
        settings.applications().stream().map(app -> app.key().appId()).toList());
    assertEquals(List.of("call_deadline"), settings.problems().stream().map(Problem::key).toList());
  }

  @Test
  void fieldsOfAnotherTypeAreNamed() throws Exception {
    JsonObject json =
        new JsonObject()
            .put("general", "text")
            .put("applications", new JsonArray())
            .put("directory", 5)
            .putNull("http")
            .put("Admin", false);
    List<String> fields =
        look(json).problems().stream()
            .filter(problem -> problem.file().equals("configuration (JSON)"))
            .filter(problem -> problem.severity() == Problem.Severity.FATAL)
            .map(Problem::key)
            .sorted()
            .toList();
    assertEquals(Arrays.asList("Admin", "applications", "directory", "general", "http"), fields);
  }

  @Test
  void aConfigurationDirectoryThatIsNoneIsRefused() {
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () -> EmbeddedConfig.of(new JsonObject().put("config_dir", "").put("x", 1)));
    assertEquals(
        List.of("x", "config_dir"),
        refused.problems().stream().map(Problem::key).sorted((a, b) -> b.compareTo(a)).toList());
  }
}
