// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.pushserver.fake.Await.await;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.vertx.core.Vertx;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.TestTls;
import org.pushserver.spi.AppConfig;

/** Through the files, as a reload sees them. */
class AppFingerprintsTest {
  private static final String APPLICATIONS =
      """
      [ios]
      app_id = com.example
      app_type = sylk
      app_platform = apple
      apple_key = ios.p8
      apple_ca_file = ca.pem

      [android]
      app_id = com.example
      app_type = sylk
      app_platform = firebase
      firebase_authorization_file = account.json
      firebase_ca_file = ca.pem

      [own]
      app_id = com.example
      app_type = pigeon
      app_platform = loft
      template = ring.json
      map = loft.txt
      """;

  @TempDir Path directory;
  @TempDir Path elsewhere;
  private Vertx vertx;

  @BeforeEach
  void layOut() throws Exception {
    vertx = Vertx.vertx();
    Files.createDirectory(directory.resolve("credentials"));
    for (String file : List.of("ios.p8", "ca.pem", "account.json", "loft.txt")) {
      write("credentials/" + file, file);
    }
    write("ring.json", "{}");
    write("general.ini", "");
    write("applications.ini", APPLICATIONS);
  }

  @AfterEach
  void close() {
    await(vertx.close());
  }

  @CanIgnoreReturnValue
  private Path write(String name, String text) throws Exception {
    return Files.writeString(directory.resolve(name), text);
  }

  private List<AppConfig> read() {
    return await(new SettingsReader(vertx).read(Overrides.directory(directory))).applications();
  }

  private Map<String, String> fingerprints() {
    return read().stream().collect(Collectors.toMap(AppConfig::section, AppConfig::fingerprint));
  }

  /** The labels of the sections that are not as they were. */
  private List<String> changed(Map<String, String> before) {
    Map<String, String> now = new HashMap<>(fingerprints());
    now.entrySet().removeAll(before.entrySet());
    return now.keySet().stream().sorted().toList();
  }

  @Test
  void whatIsUntouchedStaysTheSame() throws Exception {
    Map<String, String> before = fingerprints();
    write("credentials/ios.p8", "ios.p8");
    write("credentials/other.p8", "nobody names it");
    write("applications.ini", "; a comment\n" + APPLICATIONS);
    assertEquals(before, fingerprints());
  }

  @Test
  void aKeyThatIsReplacedUnderTheSameNameChangesTheApplicationThatNamesIt() throws Exception {
    Map<String, String> before = fingerprints();
    write("credentials/ios.p8", "new");
    assertEquals(List.of("ios"), changed(before));
  }

  @Test
  void aFileThatSeveralNameChangesThemAll() throws Exception {
    Map<String, String> before = fingerprints();
    write("credentials/ca.pem", "new");
    assertEquals(List.of("android", "ios"), changed(before));
  }

  static Set<String> keysOfDelivery() {
    return KeyNames.DELIVERY;
  }

  @ParameterizedTest
  @MethodSource("keysOfDelivery")
  void whatHoldsForAllPushesChangesAllApplications(String key) throws Exception {
    Map<String, String> before = fingerprints();
    write("general.ini", "[delivery]\n" + key + " = 3\n");
    assertEquals(List.of("android", "ios", "own"), changed(before));
  }

  @Test
  void aFileThatGoesChangesTheApplication() throws Exception {
    Map<String, String> before = fingerprints();
    Files.delete(directory.resolve("credentials/account.json"));
    assertEquals(List.of("android"), changed(before));
  }

  @ParameterizedTest
  @ValueSource(strings = {"credentials/loft.txt", "ring.json", "credentials/ring.json"})
  void anyKeyOfACustomTypeMayNameAFileOfTheConfiguration(String file) throws Exception {
    Map<String, String> before = fingerprints();
    write(file, "new");
    assertEquals(List.of("own"), changed(before));
  }

  @Test
  void aTemplateMayBeAnywhereAndIsWatchedBeforeItExists() throws Exception {
    Path template = elsewhere.resolve("ring.json");
    write(
        "applications.ini",
        "[door]\napp_id = a\napp_type = template\napp_platform = apple\n"
            + "payload_template_cancel = %s\n".formatted(template));
    Map<String, String> before = fingerprints();
    Files.writeString(template, "{}");
    assertEquals(List.of("door"), changed(before));
  }

  @Test
  void aCredentialMayBeAnywhereAnotherFileOnlyInTheConfiguration() throws Exception {
    Path key = Files.writeString(elsewhere.resolve("key"), "one");
    Path log = Files.writeString(elsewhere.resolve("log"), "one");
    write(
        "applications.ini",
        APPLICATIONS.replace("ios.p8", key.toString()).replace("loft.txt", log.toString()));
    Map<String, String> before = fingerprints();
    Files.writeString(log, "two lines");
    assertEquals(List.of(), changed(before));
    Files.writeString(key, "two lines");
    assertEquals(List.of("ios"), changed(before));
  }

  @Test
  void whatAnApplicationDependsOnIsWatched() throws Exception {
    Path key = elsewhere.resolve("not yet there");
    write("applications.ini", APPLICATIONS.replace("ios.p8", key.toString()) + "tokn = S3CRET\n");
    TestTls tls = TestTls.create(elsewhere);
    String pem = Files.readString(tls.serverCertificate()) + Files.readString(tls.serverKey());
    write("general.ini", "[server]\ntls_certificate = " + write("tls.pem", pem));
    Path credentials = directory.resolve("credentials");
    List<Path> watched =
        await(new SettingsReader(vertx).read(Overrides.directory(directory))).watched();
    assertEquals(
        Set.of(
            directory.resolve("general.ini"),
            directory.resolve("applications.ini"),
            directory.resolve("tls.pem"),
            key,
            credentials.resolve("ca.pem"),
            credentials.resolve("account.json"),
            credentials.resolve("loft.txt"),
            directory.resolve("ring.json"),
            credentials,
            directory.resolve("applications"),
            directory.resolve("pns")),
        Set.copyOf(watched));
  }

  @Test
  void aSettingChangesItsApplicationAndAGeneralOneThoseThatHaveNoneOfTheirOwn() throws Exception {
    write("applications.ini", APPLICATIONS + "call_deadline = 30\n");
    Map<String, String> before = fingerprints();
    write("general.ini", "[delivery]\ncall_deadline = 45\n");
    assertEquals(List.of("android", "ios"), changed(before));
    before = fingerprints();
    write("applications.ini", APPLICATIONS + "call_deadline = 31\n");
    assertEquals(List.of("own"), changed(before));
  }

  @Test
  void itIsNotThatOfAnotherDivisionOfTheSameText() throws Exception {
    write("applications.ini", APPLICATIONS + "a = bc\n");
    Map<String, String> before = fingerprints();
    write("applications.ini", APPLICATIONS + "ab = c\n");
    assertEquals(List.of("own"), changed(before));
  }

  @Test
  void itIsNotPrintedWithTheApplication() {
    AppConfig ios = read().get(0);
    assertNotEquals("", ios.fingerprint());
    assertFalse(ios.toString().contains(ios.fingerprint()), ios::toString);
  }
}
