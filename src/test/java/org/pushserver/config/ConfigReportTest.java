// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.pkitesting.X509Bundle;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pushserver.config.LogSettings.Journal;
import org.pushserver.fake.TestTls;
import org.pushserver.pem.CertifiedKey;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;

class ConfigReportTest {
  private static final String FILE = "/etc/pushserver/applications.ini";
  private static final AppConfig IOS = app("ios", AppKey.APPLE);
  private static final AppConfig DROID = app("droid", AppKey.FIREBASE);

  private static AppConfig app(String section, String platform) {
    return new AppConfig(
        FILE,
        section,
        new AppKey("com.example", platform),
        "sylk",
        Map.of("firebase_authorization_key", "S3CRET"),
        Path.of("/etc/pushserver/credentials"),
        Delivery.DEFAULT);
  }

  private static Settings settings(ServerSettings server, Problem... problems) {
    return settings(server, List.of(IOS, DROID), problems);
  }

  private static Settings settings(ServerSettings server, AppConfig config) {
    return settings(server, List.of(config));
  }

  private static Settings settings(
      ServerSettings server, List<AppConfig> applications, Problem... problems) {
    return new Settings(
        Path.of("/etc/pushserver"),
        "/etc/pushserver/general.ini",
        server,
        Delivery.DEFAULT,
        applications,
        Map.of(),
        Map.of(),
        BuiltIn.PLUGINS,
        List.of(),
        List.of(),
        List.of(problems));
  }

  private static final ServerSettings PLAIN =
      new ServerSettings(
          "127.0.0.1",
          8400,
          null,
          true,
          Access.OPEN,
          Limits.DEFAULT,
          new LogSettings(false, false, Journal.AUTO, false, Path.of("/log"), 0, Duration.ZERO, 7),
          Duration.ofSeconds(15),
          null);

  @Test
  void itTellsWhatWouldRun() {
    assertEquals(
        """
        configuration: /etc/pushserver
        server: http://127.0.0.1:8400, allowed: all, clients wait for the result, drain time-out 15 s
          127.0.0.1:8400 is free
        applications: 2
          [ios] com.example on apple, type sylk, deadlines: call 64 s, message 7200 s, request 10 s, queue 100000, connections 4
          [droid] com.example on firebase, type sylk, deadlines: call 64 s, message 7200 s, request 10 s, queue 100000, connections 4
        problems: none
        """,
        ConfigReport.render(settings(PLAIN), List.of("127.0.0.1:8400 is free"), List.of()));
  }

  @Test
  void itTellsByWhichOtherNamesAnApplicationGoes() {
    AppConfig config =
        new AppConfig(
            FILE,
            "droid",
            new AppKey("com.example", AppKey.FIREBASE),
            "sylk",
            Map.of("app_aliases", "929724111839,my-project"),
            Path.of("/etc/pushserver/credentials"),
            Delivery.DEFAULT);
    String report = ConfigReport.render(settings(PLAIN, config), List.of(), List.of());
    assertEquals(
        "  [droid] com.example on firebase, also 929724111839, my-project, type sylk",
        report.lines().toList().get(3).split(", deadlines", 2)[0]);
  }

  @Test
  void itTellsEverySettingOfTheServer() throws Exception {
    X509Bundle server =
        TestTls.valid().subject("CN=localhost").setIsCertificateAuthority(true).buildSelfSigned();
    Tls tls =
        new Tls(
            new CertifiedKey(List.of(server.getCertificate()), server.getKeyPair().getPrivate()),
            List.of(server.getCertificate()));
    Access access =
        new Access(
            AddressList.parse("10.0.0.0/8"), AddressList.parse("10.0.0.1"), ApiKeys.of(List.of()));
    Limits limits =
        new Limits(1024, 1024, Duration.ofSeconds(1), 1, 2, 1024, 1, 250, new Rate(50, 100));
    ServerSettings settings =
        new ServerSettings(
                "::1",
                443,
                tls,
                false,
                access,
                limits,
                new LogSettings(true, true, Journal.NO, true, Path.of("/log"), 0, Duration.ZERO, 7),
                Duration.ofMillis(2500),
                new ListenAddress("::1", 9400))
            .with(new BusSettings(false, ApiKeys.of(List.of()), "eu"));
    assertEquals(
        "server: https://[::1]:443, allowed: 10.0.0.0/8, with a certificate, with an API key (0),"
            + " through proxies 10.0.0.1, each 50 pushes per second, clients do not wait, drain"
            + " time-out 2.5 s, log file /log, log as JSON, debug, health and metrics on"
            + " http://[::1]:9400, event bus addresses eu.*, no pushes from the event bus, on the"
            + " event bus with an API key (0)",
        ConfigReport.render(settings(settings), List.of(), List.of()).lines().toList().get(1));
  }

  @Test
  void itTellsWhichDoorsAreOpenForOthers() {
    ForeignDoors doors =
        new ForeignDoors(
            Set.of(ForeignDoor.GORUSH, ForeignDoor.MATRIX), Map.of(), Duration.ofSeconds(10));
    assertEquals(
        "server: http://127.0.0.1:8400, allowed: all, clients wait for the result, drain time-out"
            + " 15 s, open for matrix, gorush",
        ConfigReport.render(settings(PLAIN.with(doors)), List.of(), List.of())
            .lines()
            .toList()
            .get(1));
  }

  @Test
  void anApplicationThatItsServiceRefusesDoesNotRun() {
    Problem unknown = new Problem(Severity.WARNING, FILE, "droid", "x", "unknown");
    String report =
        ConfigReport.render(
            settings(PLAIN, unknown),
            List.of(),
            List.of(IOS.warning("apple_key", "old"), DROID.error("apple_key", "no such file")));
    assertEquals(
        """
        applications: 1
          [ios] com.example on apple, type sylk, deadlines: call 64 s, message 7200 s, request 10 s, queue 100000, connections 4
        problems: 3
          error: /etc/pushserver/applications.ini [droid] apple_key: no such file
          warning: /etc/pushserver/applications.ini [droid] x: unknown
          warning: /etc/pushserver/applications.ini [ios] apple_key: old
        """,
        report.substring(report.indexOf("applications: ")));
  }

  @Test
  void theWorstProblemComesFirst() {
    assertEquals(
        """
        problems: 2
          fatal: f: b
          warning: f: a
        """,
        ConfigReport.render(
            List.of(
                new Problem(Severity.WARNING, "f", "", "", "a"),
                new Problem(Severity.FATAL, "f", "", "", "b"))));
  }
}
