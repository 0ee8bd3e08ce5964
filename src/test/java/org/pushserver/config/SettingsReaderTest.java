// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.push.AppKey;
import org.pushserver.push.Kind;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

class SettingsReaderTest {
  private static final String APP =
      "[one]\napp_id = com.example.one\napp_type = sylk\napp_platform = apple\n";

  @TempDir Path directory;
  private Vertx vertx;

  @BeforeEach
  void start() {
    vertx = Vertx.vertx();
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  private Settings read(Overrides overrides) throws Exception {
    try {
      return await(new SettingsReader(vertx, List.of()).read(overrides));
    } catch (CompletionException e) {
      throw assertInstanceOf(ConfigException.class, e.getCause());
    }
  }

  private Settings read() throws Exception {
    return read(Overrides.directory(directory));
  }

  /** The problems of a configuration with which the server must not start. */
  private String refused(Overrides overrides) {
    return told(assertThrows(ConfigException.class, () -> read(overrides)).problems());
  }

  private String refused() {
    return refused(Overrides.directory(directory));
  }

  /** Problems without the directory, which differs in each test. */
  private String told(List<Problem> problems) {
    return problems.stream()
        .map(problem -> problem.severity() + " " + problem)
        .collect(Collectors.joining("\n"))
        .replace(directory.toString() + "/", "");
  }

  private void general(String... lines) throws IOException {
    Files.writeString(directory.resolve("general.ini"), String.join("\n", lines));
    if (!Files.exists(directory.resolve("applications.ini"))) {
      applications(APP);
    }
  }

  private void applications(String... lines) throws IOException {
    Files.writeString(directory.resolve("applications.ini"), String.join("\n", lines));
    if (!Files.exists(directory.resolve("general.ini"))) {
      Files.writeString(directory.resolve("general.ini"), "");
    }
  }

  @Test
  void anInstallationOfTheOldSystemIsReadUnchanged() throws Exception {
    Path old = Path.of("src/test/resources/config/old").toAbsolutePath();
    Settings settings = read(Overrides.directory(old));
    assertEquals("", told(settings.problems()));
    assertEquals(
        "ServerSettings[host=0.0.0.0, port=8401, tls=null, waitForResult=false,"
            + " cancelsOnDisconnect=false, access=Access[allowedHosts=127.0.0.1, 10.0.0.0/8,"
            + " 192.168.0.0/16, 2001:db8::/32, trustedProxies=none, keys=none needed,"
            + " allowGet=false], limits="
            + Limits.DEFAULT
            + ", log=LogSettings[debug=false, json=false, journal=AUTO, toFile=true,"
            + " file=/var/log/push.log, maxSize=0, maxAge=PT0S, keep=7], drainTimeout=PT15S,"
            + " queueMemory="
            + ServerSettings.usualQueueMemory()
            + ", admin=null, bus=BusSettings[push=true, keys=none needed, prefix=pushserver],"
            + " doors="
            + ForeignDoors.SHUT
            + ", hep=null, acks=false, trail="
            + TrailSettings.OFF
            + ", console="
            + ConsoleSettings.OFF
            + ", cassandra=null, cluster=null, tokens="
            + TokenSettings.DEFAULT
            + ", spool="
            + SpoolSettings.OFF
            + "]",
        settings.server().toString());
    assertEquals(Delivery.DEFAULT, settings.delivery());
    List<Path> plugins = List.of(Path.of("/opt/push/applications"), old.resolve("pns"));
    assertTrue(settings.watched().containsAll(plugins), settings.watched()::toString);
    assertEquals(
        List.of(
            "[sylk-apple] com.agprojects.sylk-ios/apple sylk",
            "[sylk-apple-token] com.agprojects.sylk-ios.token/apple sylk",
            "[sylk-firebase] com.agprojects.sylk/firebase sylk",
            "[linphone-firebase] org.linphone/firebase linphone",
            "[my-apple] com.myapp.ios/apple myapp"),
        settings.applications().stream().map(AppConfig::toString).toList());
    AppConfig apple = settings.applications().get(0);
    assertEquals(old.resolve("keys/sylk.crt"), apple.path("apple_certificate").orElseThrow());
    AppConfig firebase = settings.applications().get(2);
    assertEquals("result", firebase.setting("log_remote_key").orElseThrow());
    assertEquals("5", firebase.setting("log_remote_timeout").orElseThrow());
    assertEquals(
        "AAAA:not-a-real-key%",
        settings.applications().get(3).setting("firebase_authorization_key").orElseThrow());
    assertEquals("blue", settings.applications().get(4).setting("my_colour").orElseThrow());
  }

  @Test
  void theSamplesAreGood() throws Exception {
    Settings settings = read(Overrides.directory(Path.of("conf")));
    assertEquals("", told(settings.problems()));
    assertEquals(3, settings.applications().size());
    assertEquals("127.0.0.1", settings.server().host());
  }

  @Test
  void whatTheSampleCommentsOutIsTheDefault() throws Exception {
    String sample = Files.readString(Path.of("conf/general.ini"));
    String active =
        sample
            .replaceAll(
                "(?m)^; ((?!tls_c|allowed_hosts|trusted_proxies|api_keys|admin_|console|hep_|queue_m|[a-z]+_app"
                    + " )[a-z_]+ = .*)$",
                "$1")
            // What the sample switches on.
            .replace("\ntrail = yes\n", "\n");
    general("");
    Settings defaults = read();
    general(active);
    Settings spelledOut = read();
    assertEquals(defaults.toString(), spelledOut.toString());
    assertFalse(sample.equals(active));
  }

  @Test
  void anEmptyGeneralFileMeansTheDefaults() throws Exception {
    general("");
    ServerSettings server = read().server();
    assertEquals("127.0.0.1", server.host());
    assertEquals(8400, server.port());
    assertEquals(null, server.tls());
    assertTrue(server.waitForResult());
    assertEquals(Access.OPEN, server.access());
    assertEquals(Limits.DEFAULT, server.limits());
    assertFalse(server.log().toFile());
    assertEquals(Path.of("/var/log/sylk-pushserver/push.log"), server.log().file());
    assertFalse(server.log().debug());
    assertEquals(Duration.ofSeconds(15), server.drainTimeout());
  }

  @Test
  void theMemoryForWhatWaitsIsAPartOfTheHeapUnlessItIsSet() throws Exception {
    general("");
    assertEquals(Runtime.getRuntime().maxMemory() / 4, read().server().queueMemory());
    general("[limits]", "queue_memory = 7M");
    assertEquals(7 * 1024 * 1024, read().server().queueMemory());
    assertEquals("", told(read().problems()));
    general("[limits]", "queue_memory = 10");
    assertEquals(Runtime.getRuntime().maxMemory() / 4, read().server().queueMemory());
    assertTrue(told(read().problems()).contains("'10' is not a number of bytes from 1048576"));
    general("[limits]", "queue_memory = 900G");
    assertTrue(told(read().problems()).contains("more than half of Java's heap"));
  }

  @Test
  void howLongToDrainIsSetInSeconds() throws Exception {
    general("[server]", "drain_timeout = 2.5");
    assertEquals(Duration.ofMillis(2500), read().server().drainTimeout());
  }

  @Test
  void theCommandLineOverridesTheFile() throws Exception {
    general("[server]", "host = 10.0.0.1", "port = 9000", "debug = no");
    ServerSettings server = read(new Overrides(directory, "::1", 0, true)).server();
    assertEquals("::1", server.host());
    assertEquals(0, server.port());
    assertTrue(server.log().debug());
  }

  @Test
  void aWrongCommandLineStopsTheStart() throws Exception {
    general("");
    assertEquals(
        "FATAL command line --ip: 'a b' is neither an IP address nor a host name; the port is set"
            + " apart\n"
            + "FATAL command line --port: 65536 is not from 0 to 65535",
        refused(new Overrides(directory, "a b", 65536, false)));
  }

  @ParameterizedTest
  @CsvSource({
    "yes,true",
    "No,false",
    "on,true",
    "OFF,false",
    "True,true",
    "false,false",
    "1,true",
    "0,false"
  })
  void aBooleanHasManySpellings(String text, boolean value) throws Exception {
    general("[server]", "return_async = " + text, "debug = " + text, "log_to_file = " + text);
    Settings settings = read();
    assertEquals("", told(settings.problems()));
    assertEquals(value, settings.server().waitForResult());
    assertEquals(value, settings.server().log().debug());
    assertEquals(value, settings.server().log().toFile());
  }

  @Test
  void aWrongBooleanIsTheDefaultWithAWarning() throws Exception {
    general("[server]", "return_async = perhaps");
    Settings settings = read();
    assertTrue(settings.server().waitForResult());
    assertEquals(
        "WARNING general.ini [server] return_async: 'perhaps' is neither yes nor no; yes is used",
        told(settings.problems()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"65536", "-1", "http", "84 00", "99999999999"})
  void aWrongPortStopsTheStart(String port) throws Exception {
    general("[server]", "port = " + port);
    assertEquals(
        "FATAL general.ini [server] port: '"
            + port
            + "' is not a whole number from 0 to 65535; correct it",
        refused());
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1:8400", "http://x", "[::1]", "a b"})
  void aWrongHostStopsTheStart(String host) throws Exception {
    general("[server]", "host = " + host);
    assertTrue(refused().startsWith("FATAL general.ini [server] host: '" + host + "' is neither"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "push-1.example.com", "::", "2001:db8::1", "0.0.0.0"})
  void aHostIsANameOrAnAddress(String host) throws Exception {
    general("[server]", "host = " + host);
    assertEquals(host, read().server().host());
  }

  @Test
  void healthAndMetricsAreWhereRequestsComeInUnlessTheyHaveAPort() throws Exception {
    general("[server]", "port = 8400");
    assertNull(read().server().admin());
    general("[server]", "admin_port = 9400");
    assertEquals(new ListenAddress("127.0.0.1", 9400), read().server().admin());
    general("[server]", "admin_port = 9400", "admin_host = ::");
    assertEquals(new ListenAddress("::", 9400), read().server().admin());
  }

  @Test
  void anAdminHostWithoutAPortIsWarnedOf() throws Exception {
    general("[server]", "admin_host = ::1");
    Settings settings = read();
    assertNull(settings.server().admin());
    assertEquals(
        "WARNING general.ini [server] admin_host: it has no effect without admin_port; set both or"
            + " none",
        told(settings.problems()));
  }

  @Test
  void anAdminPortThatIsNoneOrTheServersOwnStopsTheStart() throws Exception {
    general("[server]", "admin_port = x");
    assertEquals(
        "FATAL general.ini [server] admin_port: 'x' is not a whole number from 0 to 65535; correct"
            + " it",
        refused());
    general("[server]", "admin_port = 8400");
    assertEquals(
        "FATAL general.ini [server] admin_port: 8400 is where requests come in; choose another, or"
            + " remove it to have both there",
        refused());
  }

  @Test
  void aWrongAllowedHostStopsTheStart() throws Exception {
    general("[server]", "allowed_hosts = 10.0.0.0/8, pbx.example.com");
    assertEquals(
        "FATAL general.ini [server] allowed_hosts: 'pbx.example.com' is neither an IP address nor a"
            + " network such as 192.0.2.0/24 or 2001:db8::/32; correct or remove it",
        refused());
  }

  @Test
  void allowedHostsMayStandOnLinesOfTheirOwn() throws Exception {
    general("[server]", "allowed_hosts =", "  10.0.0.1", "  ::1");
    assertEquals("10.0.0.1, ::1", read().server().access().allowedHosts().toString());
  }

  @Test
  void aWrongGuardStopsTheStart() throws Exception {
    general(
        "[server]", "tls_certificate = tls.pem", "api_keys = keys", "[limits]", "rate_limit = x");
    assertEquals(
        "FATAL general.ini [limits] rate_limit: 'x' is not a whole number from 0 to 1000000;"
            + " correct it\n"
            + "FATAL general.ini [server] tls_certificate: tls.pem does not exist or may not be"
            + " read; put the file there, or remove the key to serve without TLS\n"
            + "FATAL general.ini [server] api_keys: keys does not exist or may not be read; put the"
            + " file there, or remove the key to need no API keys",
        refused());
  }

  @Test
  void anOpenDoorToOthersIsToldAtTheStart() throws Exception {
    general("[server]", "host = 0.0.0.0");
    assertTrue(told(read().problems()).startsWith("WARNING general.ini [server] host: whoever"));
  }

  @Test
  void aWrongLineInTheGeneralFileStopsTheStart() throws Exception {
    general("[server]", "allowed_hosts 10.0.0.0/8");
    assertTrue(refused().startsWith("FATAL general.ini [server]: line 2: this is neither"));
  }

  @Test
  void aGeneralFileThatCannotBeReadStopsTheStart() throws Exception {
    applications(APP);
    Files.delete(directory.resolve("general.ini"));
    Files.createDirectory(directory.resolve("general.ini"));
    assertTrue(refused().startsWith("FATAL general.ini: it is a folder, not a file"), refused());
  }

  @Test
  void withoutAGeneralFileTheDefaultsHoldWithAWarning() throws Exception {
    applications(APP);
    Files.delete(directory.resolve("general.ini"));
    Settings settings = read();
    assertEquals(8400, settings.server().port());
    assertEquals(
        "WARNING general.ini: it does not exist; defaults are used for all it may say",
        told(settings.problems()));
  }

  private Settings again(Settings before) throws Exception {
    return await(new SettingsReader(vertx).again(before, Overrides.NONE));
  }

  @Test
  void readAgainAFileThatHasGoneIsNoReasonForDefaults() throws Exception {
    general("[server]", "allowed_hosts = 127.0.0.1");
    Settings before = read();
    Files.delete(directory.resolve("general.ini"));
    CompletionException refused = assertThrows(CompletionException.class, () -> again(before));
    assertEquals(
        "FATAL general.ini: it has gone; put it back, or restart for the defaults",
        told(((ConfigException) refused.getCause()).problems()));
  }

  @Test
  void readAgainAFileThatNeverWasMayBeMissing() throws Exception {
    applications(APP);
    Files.delete(directory.resolve("general.ini"));
    Settings before = read();
    assertEquals(told(before.problems()), told(again(before).problems()));
  }

  @Test
  void aFileWithoutSectionsIsOneWithoutApplications() throws Exception {
    general("");
    applications("; nothing yet");
    assertEquals(
        "ERROR applications.ini: there is no section in it, so there is no application to send for;"
            + " add one",
        told(read().problems()));
  }

  @Test
  void whatAFaultySectionIsForIsKnown() throws Exception {
    general("");
    applications(
        "[one]", "app_id = x", "app_platform = ios", "app_type = sylk", "max_queue = 0", "[two]");
    Settings settings = read();
    assertEquals(Map.of("one", new AppKey("x", AppKey.APPLE)), settings.faulty());
    assertEquals(List.of(), settings.applications());
  }

  @Test
  void withoutApplicationsTheServerMayStart() throws Exception {
    general("[applications]", "config_file = mobile.ini");
    Settings settings = read();
    assertEquals(List.of(), settings.applications());
    assertEquals(
        "ERROR mobile.ini: it does not exist, so there is no application to send for; create it, or"
            + " correct config_file in general.ini",
        told(settings.problems()));
  }

  @Test
  void aDirectoryThatDoesNotExistStopsTheStart() {
    Path nowhere = directory.resolve("nowhere");
    assertEquals(
        "FATAL nowhere: this is no directory; create it or name another",
        refused(Overrides.directory(nowhere)));
  }

  @Test
  void allFatalProblemsAreToldTogether() throws Exception {
    general("[server]", "port = x", "host = /", "allowed_hosts = y");
    applications("[one]", "app_id = x");
    List<Problem> problems = assertThrows(ConfigException.class, () -> read()).problems();
    assertEquals(3, count(problems, Severity.FATAL));
    assertEquals(2, count(problems, Severity.ERROR));
  }

  private static long count(List<Problem> problems, Severity severity) {
    return problems.stream().filter(problem -> problem.severity() == severity).count();
  }

  @Test
  void anUnknownSectionOrKeyIsAWarningWithTheNearestName() throws Exception {
    general("[Delivry]", "x = 1", "[server]", "prot = 8400", "colour = blue", "[other]");
    assertEquals(
        """
        WARNING general.ini [Delivry]: unknown section, ignored; did you mean [delivery]?
        WARNING general.ini [other]: unknown section, ignored; remove it
        WARNING general.ini [server] prot: unknown key, ignored; did you mean port?
        WARNING general.ini [server] colour: unknown key, ignored; remove it\
        """,
        told(read().problems()));
  }

  @Test
  void keysOfTheDefaultSectionAreNotUnknown() throws Exception {
    general("[DEFAULT]", "base = /srv", "[server]", "log_file = %(base)s/push.log");
    Settings settings = read();
    assertEquals("", told(settings.problems()));
    assertEquals(Path.of("/srv/push.log"), settings.server().log().file());
  }

  @Test
  void keysMayBeWrittenWithDashes() throws Exception {
    general("[server]", "log-file = /x.log");
    applications("[one]", "app-id = a", "app-type = sylk", "app-platform = apple", "key-id = K");
    Settings settings = read();
    assertEquals("", told(settings.problems()));
    assertEquals(Path.of("/x.log"), settings.server().log().file());
    assertEquals("K", settings.applications().get(0).setting("key_id").orElseThrow());
  }

  @Test
  void cassandraStandsAsItDoesAtAnInstallation() throws Exception {
    general("[Cassandra]", "cluster_contact_points = 10.0.0.1", "keyspace = push");
    Settings settings = read();
    assertEquals("", told(settings.problems()));
    assertEquals("push", settings.server().cassandra().keyspace());
    general("[Cassandra]", "table = push_tokens");
    assertNull(read().server().cassandra());
  }

  @Test
  void aFileInLatin1IsRead() throws Exception {
    general("");
    Files.write(
        directory.resolve("applications.ini"),
        ("; Büro\n" + APP).getBytes(StandardCharsets.ISO_8859_1));
    assertEquals(1, read().applications().size());
  }

  @Test
  void deliveryIsTheGeneralOneUnlessTheApplicationHasItsOwn() throws Exception {
    general(
        "[delivery]",
        "call_deadline = 30",
        "message_deadline = 600",
        "request_timeout = 2.5",
        "max_queue = 50",
        "max_connections = 2");
    applications(
        APP,
        "[two]",
        "app_id = b",
        "app_type = sylk",
        "app_platform = apple",
        "call_deadline = 45",
        "max_queue = 7",
        "max_connections = 9");
    Settings settings = read();
    Delivery general =
        new Delivery(
            Duration.ofSeconds(30), Duration.ofMinutes(10), Duration.ofMillis(2500), 50, 2);
    assertEquals(general, settings.delivery());
    assertEquals(general, settings.applications().get(0).delivery());
    assertEquals(
        new Delivery(Duration.ofSeconds(45), Duration.ofMinutes(10), Duration.ofMillis(2500), 7, 9),
        settings.applications().get(1).delivery());
  }

  @ParameterizedTest
  @CsvSource({"continue, false", "cancel, true", "Cancel, true"})
  void whatBecomesOfTheRingOfAClientThatGoesAwayIsSaid(String value, boolean cancels)
      throws Exception {
    general("[server]", "on_disconnect = " + value);
    assertEquals(cancels, read().server().cancelsOnDisconnect());
  }

  @Test
  void aWrongWordForThatIsToGoOnWithAWarning() throws Exception {
    general("[server]", "on_disconnect = stop");
    Settings settings = read();
    assertFalse(settings.server().cancelsOnDisconnect());
    assertEquals(
        "WARNING general.ini [server] on_disconnect: 'stop' is not one of continue, cancel;"
            + " continue is used",
        told(settings.problems()));
  }

  @Test
  void whatRequestsDoNotSayTheApplicationMay() throws Exception {
    general("[delivery]", "call_ttl = 20", "answer_wait = 2.5");
    applications(
        APP,
        "[two]",
        "app_id = b",
        "app_type = sylk",
        "app_platform = apple",
        "call_deadline = 10",
        "answer_wait = 0");
    List<AppConfig> read = read().applications();
    Delivery first = read.get(0).delivery();
    assertEquals(Duration.ofSeconds(20), first.ttl(Kind.RING));
    assertEquals(Duration.ofSeconds(20), first.ttl(Kind.CANCEL));
    assertEquals(Duration.ofHours(2), first.ttl(Kind.MESSAGE));
    assertEquals(Duration.ofSeconds(64), first.deadline(Kind.RING));
    assertEquals(Duration.ofMillis(2500), first.answerWait());
    Delivery second = read.get(1).delivery();
    assertEquals(Duration.ofSeconds(10), second.ttl(Kind.RING), "never longer than the deadline");
    assertEquals(Duration.ZERO, second.answerWait());
  }

  @Test
  void withoutThemACallLivesUntilItsDeadlineAndTheServerSaysWhetherSendersWait() throws Exception {
    general("[delivery]", "call_deadline = 30");
    applications(APP);
    Delivery delivery = read().applications().get(0).delivery();
    assertEquals(Duration.ofSeconds(30), delivery.ttl(Kind.RING));
    assertNull(delivery.answerWait());
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "2419201", "soon", "1e1"})
  void aWrongAnswerWaitIsNoneWithAWarning(String time) throws Exception {
    general("[delivery]", "answer_wait = " + time);
    Settings settings = read();
    assertNull(settings.delivery().answerWait());
    assertEquals(
        "WARNING general.ini [delivery] answer_wait: '"
            + time
            + "' is not a number of seconds, at most 2419200; none is used",
        told(settings.problems()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "0.0001", "2419201", "1e9", "64s", "NaN", "9999999999"})
  void aWrongTimeIsTheDefaultWithAWarning(String time) throws Exception {
    general("[delivery]", "call_deadline = " + time);
    Settings settings = read();
    assertEquals(Duration.ofSeconds(64), settings.delivery().callDeadline());
    assertEquals(
        "WARNING general.ini [delivery] call_deadline: '"
            + time
            + "' is not a number of seconds, more than 0 and at most 2419200; 64 is used",
        told(settings.problems()));
  }

  @Test
  void aWrongSectionDisablesOnlyItself() throws Exception {
    applications(
        "[bad]",
        "app_id = a",
        "app_type = sylk",
        "app_platform = apple",
        "call_deadline = soon",
        "max_queue = 0",
        APP);
    Settings settings = read();
    assertEquals(List.of("one"), sections(settings));
    assertEquals(
        "ERROR applications.ini [bad] call_deadline: 'soon' is not a number of seconds, more than 0"
            + " and at most 2419200; correct it\n"
            + "ERROR applications.ini [bad] max_queue: '0' is not a whole number from 1 to"
            + " 2147483647; correct it",
        told(settings.problems()));
  }

  private static List<String> sections(Settings settings) {
    return settings.applications().stream().map(AppConfig::section).toList();
  }

  @Test
  void everyMissingKeyOfAnApplicationIsTold() throws Exception {
    applications("[bad]", "voip = yes", "app_id =", APP);
    Settings settings = read();
    assertEquals(List.of("one"), sections(settings));
    assertEquals(
        "ERROR applications.ini [bad] app_id: it is missing; set it to the app-id that the PBX"
            + " sends\n"
            + "ERROR applications.ini [bad] app_type: it is missing; set it to sylk, linphone,"
            + " template or a custom type\n"
            + "ERROR applications.ini [bad] app_platform: it is missing; set it to apple,"
            + " firebase or a custom push service",
        told(settings.problems()));
  }

  @Test
  void theTypeTemplateHasKeysOfItsOwnAndForEachEvent() throws Exception {
    applications(
        "[one]",
        "app_id = a",
        "app_type = template",
        "app_platform = apple",
        "payload-template = a.json",
        "payload-template-cancel = b.json",
        "push_type_doorbell = voip",
        "pirority = 5");
    Settings settings = read();
    assertEquals(
        "b.json", settings.applications().get(0).settings().get("payload_template_cancel"));
    assertEquals(
        "WARNING applications.ini [one] pirority: unknown key, ignored; did you mean priority?",
        told(settings.problems()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"firebase", "fcm"})
  void aKeyThatIsForAnotherPushServiceIsToldAsAWarning(String platform) throws Exception {
    applications(
        "[one]",
        "app_id = a",
        "app_type = template",
        "app_platform = " + platform,
        "payload_template = a.json",
        "priority = 5",
        "lifetime = 5");
    assertEquals(
        "WARNING applications.ini [one] priority: is not used; it is for apple only",
        told(read().problems()));
  }

  @Test
  void aKeyOfTheTypeTemplateIsUnknownToOthers() throws Exception {
    applications(
        "[one]", "app_id = a", "app_type = sylk", "app_platform = apple", "push_type = voip");
    assertEquals(
        "WARNING applications.ini [one] push_type: unknown key, ignored; remove it",
        told(read().problems()));
  }

  @Test
  void aWrongLineDisablesItsApplicationOnly() throws Exception {
    applications(APP, "[two]", "app_id b", "app_type = sylk", "app_platform = apple");
    assertEquals(List.of("one"), sections(read()));
    applications(
        APP, "[two]", "app_id = b", "app_type = sylk", "app_platform = apple", "apple_key k.p8");
    Settings settings = read();
    assertEquals(List.of("one"), sections(settings));
    assertTrue(told(settings.problems()).startsWith("ERROR applications.ini [two]: line 10"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\n  b", "a\u0007b", "a\u00a0b"})
  void anAppIdHasNoSpacesOrControlCharacters(String appId) throws Exception {
    applications("[one]", "app_id = " + appId, "app_type = sylk", "app_platform = apple");
    Settings settings = read();
    assertEquals(List.of(), settings.applications());
    assertTrue(told(settings.problems()).startsWith("ERROR applications.ini [one] app_id: it may"));
  }

  @ParameterizedTest
  @CsvSource({
    "apple,apple",
    "IOS,apple",
    "apns,apple",
    "firebase,firebase",
    "Android,firebase",
    "fcm,firebase",
    "Huawei,huawei"
  })
  void aPlatformHasOneNameWhateverTheFileCallsIt(String text, String platform) throws Exception {
    applications("[one]", "app_id = a", "app_type = Sylk", "app_platform = " + text);
    AppConfig config = read().applications().get(0);
    assertEquals(new AppKey("a", platform), config.key());
    assertEquals("sylk", config.type());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[server];allowed_host = 10.0.0.1 | [server] allowed_host: unknown key; did you mean"
            + " allowed_hosts?",
        "[server];Allow-Hosts = 10.0.0.1 | [server] allow-hosts: unknown key; did you mean"
            + " allowed_hosts?",
        "[server];api_key = keys | [server] api_key: unknown key; did you mean api_keys?",
        "[server];tls_cert = x.pem | [server] tls_cert: unknown key; it sounds as if",
        "[server];ssl_certificate = x.pem | [server] ssl_certificate: unknown key; did you mean"
            + " tls_certificate?",
        "[server];trusted_proxy = 10.0.0.1 | [server] trusted_proxy: unknown key; did you mean"
            + " trusted_proxies?",
        "[server];rate_limit = 5 | [server] rate_limit: it has no effect here; put it into"
            + " [limits]",
        "[limits];rate-limits = 5 | [limits] rate-limits: unknown key; did you mean rate_limit?",
        "[applications];allowed_hosts = 10.0.0.1 | [applications] allowed_hosts: it has no effect"
            + " here; put it into [server]",
        "[Server];port = 0 | [Server]: unknown section; did you mean [server]?",
        "[http];api_keys = keys | [http] api_keys: it has no effect here; put it into [server]",
        "[DEFAULT];allowed_host = 10.0.0.1 | [DEFAULT] allowed_host: unknown key; did you mean",
        "[server];allowed_hosts = 10.0.0.1;allowed_hosts = | [server] allowed_hosts: line 3: this"
            + " key",
        "[server];allowed-hosts = 10.0.0.1;allowed_hosts = | [server] allowed_hosts: it is there"
            + " twice",
        "[server];port = 0;[server];host = ::1 | [server]: line 3: a section of this name",
      })
  void whatMayComeInIsNeverOpenByATypo(String lines, String problem) throws Exception {
    general(lines.split(";"));
    String refused = refused();
    assertTrue(refused.contains("FATAL general.ini " + problem), refused);
  }

  @ParameterizedTest
  @ValueSource(strings = {"General.ini", "general.ini.txt", "genral.ini", "GENERAL.INI"})
  void aGeneralIniWithAnotherSpellingStopsTheStart(String name) throws Exception {
    Files.writeString(directory.resolve(name), "[server]\nallowed_hosts = 10.0.0.1\n");
    String refused = refused();
    assertTrue(
        refused.contains("FATAL general.ini: it does not exist, but " + name + " does;"), refused);
  }

  @Test
  void aGuardInTheDefaultSectionHoldsWithoutAServerSection() throws Exception {
    general("[DEFAULT]", "allowed_hosts = 10.0.0.1");
    Settings settings = read();
    assertEquals("", told(settings.problems()));
    assertEquals("10.0.0.1", settings.server().access().allowedHosts().toString());
  }

  @Test
  void ordinaryKeysThatAreUnknownOrThereTwiceStopNothing() throws Exception {
    general("[server]", "port = 0", "port = 1", "[x]", "y = 1");
    assertEquals(
        """
        WARNING general.ini [server] port: line 3: this key was there before; remove one of the two
        WARNING general.ini [x]: unknown section, ignored; remove it\
        """,
        told(read().problems()));
  }

  @Test
  void anEmptyGuardIsWorthAWarning() throws Exception {
    general("[server]", "allowed_hosts = ,", "api_keys =");
    assertEquals(
        """
        WARNING general.ini [server] allowed_hosts: it is empty, so every address may come in; set \
        it, or remove the key
        WARNING general.ini [server] api_keys: it is empty, so nobody needs an API key; set it, or \
        remove the key\
        """,
        told(read().problems()));
  }

  @Test
  void oneKeyInTwoSpellingsSpoilsItsSection() throws Exception {
    applications(APP, "app-id = com.example.two");
    Settings settings = read();
    assertEquals(List.of(), sections(settings));
    assertEquals(
        "ERROR applications.ini [one] app_id: it is there twice, as app_id and as app-id; remove"
            + " one of the two",
        told(settings.problems()));
  }

  @Test
  void ofTwoSectionsForTheSameTheLaterCounts() throws Exception {
    applications(
        APP, "[two]", "app_id = com.example.one", "app_type = linphone", "app_platform = ios");
    Settings settings = read();
    assertEquals(List.of("one", "two"), sections(settings));
    assertEquals(
        "WARNING applications.ini [one] app_id: [two] further down has the same app_id and"
            + " app_platform, and counts; this one is used only while that one is wrong. Remove one"
            + " of the two",
        told(settings.problems()));
  }

  @Test
  void furtherNamesAreReadAlsoFromASectionThatIsWrong() throws Exception {
    applications(
        "[one]",
        "app_id = x",
        "app_type = sylk",
        "app_platform = google",
        "app-aliases = 929724111839, my-project",
        "[two]",
        "app_id = y",
        "app_type = sylk",
        "app_platform = apns",
        "app_aliases = 1",
        "  2",
        "call_deadline = soon");
    Settings settings = read();
    AppConfig good = settings.applications().get(0);
    assertEquals(new AppKey("x", AppKey.FIREBASE), good.key());
    assertEquals(List.of("929724111839", "my-project"), good.aliases());
    assertEquals(Map.of("two", List.of("1", "2")), settings.aliases());
    assertEquals(1, settings.problems().size(), () -> told(settings.problems()));
  }

  @Test
  void aDisabledApplicationDoesNotTakeItsKeyFromAnother() throws Exception {
    applications(
        "[bad]",
        "app_id = com.example.one",
        "app_type = sylk",
        "app_platform = apple",
        "max_queue = x",
        APP);
    assertEquals(List.of("one"), sections(read()));
  }

  @Test
  void aMistypedKeyOfABuiltInApplicationIsAWarning() throws Exception {
    applications(APP, "apple_certficate = x.pem", "frobnicate = 1");
    Settings settings = read();
    assertEquals(List.of("one"), sections(settings));
    assertEquals(
        "WARNING applications.ini [one] apple_certficate: unknown key, ignored; did you mean"
            + " apple_certificate?\n"
            + "WARNING applications.ini [one] frobnicate: unknown key, ignored; remove it",
        told(settings.problems()));
  }

  @ParameterizedTest
  @CsvSource({"myapp,apple", "sylk,huawei", "myapp,huawei"})
  void aCustomApplicationMayHaveKeysOfItsOwn(String type, String platform) throws Exception {
    applications(
        "[one]", "app_id = a", "app_type = " + type, "app_platform = " + platform, "own-key = v");
    Settings settings = read();
    assertEquals("", told(settings.problems()));
    assertEquals("v", settings.applications().get(0).setting("own-key").orElseThrow());
  }

  @ParameterizedTest
  @CsvSource({"log_key,log_time_out", "log_remote_key,log_remote_timeout"})
  void bothSpellingsOfTheRemoteLogAreOne(String key, String timeout) throws Exception {
    applications(APP, key + " = result", timeout + " = 7");
    AppConfig config = read().applications().get(0);
    assertEquals("result", config.setting("log_remote_key").orElseThrow());
    assertEquals("7", config.setting("log_remote_timeout").orElseThrow());
  }

  @Test
  void aWrongTimeOutOfTheRemoteLogIsLeftOut() throws Exception {
    applications(APP, "log_time_out = soon");
    Settings settings = read();
    assertTrue(settings.applications().get(0).setting("log_remote_timeout").isEmpty());
    assertEquals(
        "WARNING applications.ini [one] log_remote_timeout: 'soon' is not a number of seconds, more"
            + " than 0 and at most 2419200; ignored",
        told(settings.problems()));
  }

  @Test
  void credentialsAreRelativeToTheirFolder() throws Exception {
    general("[applications]", "credentials_folder = /srv/keys");
    applications(APP, "apple_key = a.p8", "apple_ca_file = /etc/ca.pem");
    AppConfig config = read().applications().get(0);
    assertEquals(Path.of("/srv/keys/a.p8"), config.path("apple_key").orElseThrow());
    assertEquals(Path.of("/etc/ca.pem"), config.path("apple_ca_file").orElseThrow());
  }

  @Test
  void nothingPrintsASecret() throws Exception {
    applications(APP, "firebase_authorization_key = S3CRET", "frobnicate = S3CRET%", "voip = yes");
    Settings settings = read();
    assertFalse(settings.toString().contains("S3CRET"), settings.toString());
    Settings all = await(new SettingsReader(vertx, List.of()).look(Overrides.directory(directory)));
    assertFalse(ConfigReport.render(all, List.of(), List.of()).contains("S3CRET"));
    assertFalse(all.toString().contains("S3CRET"), all.toString());
  }

  @Test
  void guardsAreNamedAlsoWhenNothingCanBeUsedForWantOfThem() throws Exception {
    Path ca = Path.of("/elsewhere/clients.pem");
    Files.writeString(
        directory.resolve("general.ini"),
        "[server]\ntls_certificate = tls.pem\ntls_client_ca = " + ca + "\napi_keys = keys\n");
    SettingsReader reader = new SettingsReader(vertx, List.of());
    assertEquals(List.of(), reader.named());
    Future<Settings> refused = reader.read(Overrides.directory(directory));
    assertThrows(CompletionException.class, () -> await(refused));
    List<Path> guards = List.of(directory.resolve("tls.pem"), ca, directory.resolve("keys"));
    assertTrue(reader.named().containsAll(guards), reader.named()::toString);
  }
}
