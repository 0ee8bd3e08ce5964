// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.pem.Pem;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;

class ApnsProviderTest {
  private static final String APP = "com.example.phone";
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  @TempDir static Path dir;

  private final ApnsProvider provider = new ApnsProvider(Clock.fixed(NOW, ZoneOffset.UTC));
  private final List<Problem> warnings = new ArrayList<>();

  @BeforeAll
  static void writeFiles() throws Exception {
    String key = SigningKey.make().pem();
    write("AuthKey.p8", key);
    write("key.pem", key);
    write("encrypted.p8", Pem.write("ENCRYPTED PRIVATE KEY", new byte[] {1}));
    write(
        "p384.p8",
        Pem.write(
            "PRIVATE KEY",
            new ECKeyGenerator(Curve.P_384).generate().toECPrivateKey().getEncoded()));
    write("empty.pem", "nothing\n");
    push("good", certificate(365).subject("UID=" + APP + ", CN=Push"));
    push("voip", certificate(365).subject("UID=" + APP + ".voip, CN=Push"));
    push("foreign", certificate(365).subject("UID=com.example.other, CN=Push"));
    push("soon", certificate(7).subject("CN=Push"));
    push("expired", certificate(-1).subject("CN=Push"));
    push("rsa", certificate(365).rsa2048().subject("CN=Push"));
  }

  private static CertificateBuilder certificate(int days) {
    return new CertificateBuilder()
        .ecp256()
        .notBefore(NOW.minus(Duration.ofDays(300)))
        .notAfter(NOW.plus(Duration.ofDays(days)));
  }

  /** As two files and as one. */
  private static void push(String name, CertificateBuilder builder) throws Exception {
    X509Bundle bundle = builder.setIsCertificateAuthority(true).buildSelfSigned();
    write(name + "-cert.pem", bundle.getCertificatePEM());
    write(name + "-key.pem", bundle.getPrivateKeyPEM());
    write(name + ".pem", bundle.getPrivateKeyPEM() + bundle.getCertificatePEM());
  }

  private static void write(String name, String content) throws Exception {
    assertTrue(Files.exists(Files.writeString(dir.resolve(name), content)));
  }

  private ApnsService create(String appId, String... settings) throws ConfigException {
    Map<String, String> all = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      all.put(settings[i], settings[i + 1]);
    }
    AppConfig config =
        new AppConfig(
            "applications.ini",
            "phone",
            new AppKey(appId, AppKey.APPLE),
            "sylk",
            all,
            dir,
            Delivery.DEFAULT);
    return assertInstanceOf(ApnsService.class, provider.create(config, warnings::add));
  }

  /** The keys and messages of what is wrong, one line each. */
  private List<String> problems(String... settings) {
    ConfigException refusal = assertThrows(ConfigException.class, () -> create(APP, settings));
    return refusal.problems().stream().map(p -> p.key() + ": " + p.message()).toList();
  }

  private List<String> warned() {
    return warnings.stream().map(p -> p.key() + ": " + p.message()).toList();
  }

  private void assertFine(String... settings) throws Exception {
    assertEquals(0, create(APP, settings).window());
    assertEquals(List.of(), warned());
  }

  private void assertProblem(String start, String... settings) {
    List<String> found = problems(settings);
    assertEquals(1, found.size(), found.toString());
    assertTrue(found.get(0).startsWith(start), found.toString());
  }

  @Test
  void aSigningKeyWithItsIdsIsEnough() throws Exception {
    assertFine("apple_key", "AuthKey.p8", "key_id", "ABC123DEFG", "team_id", "DEF123GHIJ");
    assertFine("apple_key", "key.pem", "key_id", "ABC123DEFG", "team_id", "DEF123GHIJ");
  }

  @Test
  void theNameOfTheSandboxInSipDoesNotChooseIt() throws Exception {
    String[] key = {"apple_key", "AuthKey.p8", "key_id", "ABC123DEFG", "team_id", "DEF123GHIJ"};
    List<String> settings = new ArrayList<>(List.of("app_platform", "APNS.dev"));
    settings.addAll(List.of(key));
    assertEquals(0, create(APP, settings.toArray(String[]::new)).window());
    assertEquals(
        List.of(
            "app_platform: 'apns.dev' is another name of apple and does not choose the sandbox; for"
                + " that, set apple_push_url = api.sandbox.push.apple.com"),
        warned());
    warnings.clear();
    settings.addAll(List.of("apple_push_url", "api.sandbox.push.apple.com"));
    assertFine(settings.toArray(String[]::new));
  }

  @Test
  void aCertificateMayHaveItsKeyInsideOrBeside() throws Exception {
    assertFine("apple_certificate", "good.pem");
    assertFine("apple_certificate", "good-cert.pem", "apple_key", "good-key.pem");
    assertFine("apple_certificate", "rsa.pem");
    assertFine("apple_certificate", "voip.pem");
  }

  @Test
  void anAbsolutePathIsTakenAsItIs() throws Exception {
    assertFine("apple_certificate", dir.resolve("good.pem").toString());
  }

  @Test
  void theEnvironmentSuffixOfAnAppIdIsNotPartOfItsTopic() throws Exception {
    assertEquals(0, create(APP + ".dev", "apple_certificate", "good.pem").window());
    assertEquals(0, create(APP + ".prod", "apple_certificate", "good.pem").window());
    assertEquals(List.of(), warned());
  }

  @Test
  void withoutAnyCredentialAnOperatorIsToldWhatToSet() {
    assertProblem("apple_certificate: no credential: set apple_certificate");
  }

  @Test
  void aSigningKeyWithoutItsIdsIsRefused() {
    assertEquals(
        List.of(
            "key_id: missing: an apple_key for provider tokens needs key_id and team_id",
            "team_id: missing: an apple_key for provider tokens needs key_id and team_id"),
        problems("apple_key", "AuthKey.p8"));
  }

  @Test
  void aPlainKeyWithoutCertificateOrIdsIsRefused() {
    assertProblem("apple_certificate: missing: apple_key alone", "apple_key", "key.pem");
  }

  @Test
  void filesThatAreNotThereAreNamed() {
    assertProblem(
        "apple_key: there is no file " + dir.resolve("none.p8"),
        "apple_key",
        "none.p8",
        "key_id",
        "ABC123DEFG",
        "team_id",
        "DEF123GHIJ");
    assertProblem(
        "apple_certificate: there is no file " + dir.resolve("none.pem"),
        "apple_certificate",
        "none.pem");
    assertProblem(
        "apple_ca_file: there is no file " + dir.resolve("none.pem"),
        "apple_certificate",
        "good.pem",
        "apple_ca_file",
        "none.pem");
  }

  @Test
  void anEncryptedKeyIsRefusedAsSuch() {
    assertProblem(
        "apple_key: " + dir.resolve("encrypted.p8") + ": the key is encrypted",
        "apple_key",
        "encrypted.p8",
        "key_id",
        "ABC123DEFG",
        "team_id",
        "DEF123GHIJ");
  }

  @Test
  void aKeyOnAnotherCurveIsRefused() {
    assertProblem(
        "apple_key: the key is on another curve, of 384 bits; Apple's keys for push are on the curve",
        "apple_key",
        "p384.p8",
        "key_id",
        "ABC123DEFG",
        "team_id",
        "DEF123GHIJ");
    assertProblem(
        "apple_key: the key is an RSA key of 2048 bits, as certificates have; Apple's keys for push",
        "apple_key",
        copy("rsa-key.pem", "rsa.p8"),
        "key_id",
        "ABC123DEFG",
        "team_id",
        "DEF123GHIJ");
  }

  private static String copy(String from, String to) {
    try {
      write(to, Files.readString(dir.resolve(from)));
      return to;
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void certificateAndKeyMustBelongTogether() {
    assertProblem(
        "apple_certificate: "
            + dir.resolve("good-cert.pem")
            + ": certificate and key do not belong together",
        "apple_certificate",
        "good-cert.pem",
        "apple_key",
        "voip-key.pem");
    assertProblem(
        "apple_key: " + dir.resolve("good-cert.pem") + ": there is no private key in it",
        "apple_certificate",
        "good-cert.pem");
    assertProblem(
        "apple_certificate: " + dir.resolve("good-key.pem") + ": there is no certificate in it",
        "apple_certificate",
        "good-key.pem");
  }

  @Test
  void whatIsWrongWithBothFilesOfAPairIsToldAtOnce() {
    assertEquals(
        List.of(
            "apple_key: there is no file " + dir.resolve("no-key.pem"),
            "apple_certificate: there is no file " + dir.resolve("no-cert.pem")),
        problems("apple_key", "no-key.pem", "apple_certificate", "no-cert.pem"));
    assertEquals(
        List.of(
            "apple_key: there is no file " + dir.resolve("none.p8"),
            "key_id: missing: an apple_key for provider tokens needs key_id and team_id",
            "team_id: missing: an apple_key for provider tokens needs key_id and team_id"),
        problems("apple_key", "none.p8"));
  }

  @Test
  void aKeyFileWithAppleNameOfAnotherKeyIsWorthAWarning() throws Exception {
    String file = copy("AuthKey.p8", "AuthKey_ABC123DEFG.p8");
    assertFine("apple_key", file, "key_id", "ABC123DEFG", "team_id", "DEF123GHIJ");
    assertEquals(
        0,
        create(APP, "apple_key", file, "key_id", "XYZ123DEFG", "team_id", "DEF123GHIJ").window());
    assertEquals(
        0,
        create(APP, "apple_key", file, "key_id", "DEF123GHIJ", "team_id", "ABC123DEFG").window());
    assertEquals(
        List.of(
            "key_id: it is 'XYZ123DEFG', but the file AuthKey_ABC123DEFG.p8 is named after the"
                + " key_id ABC123DEFG",
            "key_id: it and team_id look swapped: the file AuthKey_ABC123DEFG.p8 is named after its"
                + " key_id"),
        warned());
  }

  @Test
  void aBundleIdWithALetterThatOnlyLooksRightIsRefused() {
    ConfigException refusal =
        assertThrows(
            ConfigException.class,
            () -> create("com.ex\u0430mple.phone", "apple_certificate", "foreign.pem"));
    assertEquals("app_id", refusal.problems().get(0).key());
    String message = refusal.problems().get(0).message();
    assertTrue(message.startsWith("it has the character '\u0430' (U+0430);"), message);
  }

  @Test
  void anExpiredCertificateIsRefused() {
    assertProblem(
        "apple_certificate: the certificate expired on 2026-02-28T12:00:00Z",
        "apple_certificate",
        "expired.pem");
  }

  @Test
  void aCertificateThatExpiresSoonIsWorthAWarning() throws Exception {
    assertEquals(0, create(APP, "apple_certificate", "soon.pem").window());
    assertEquals(
        List.of("apple_certificate: the certificate expires in 7 days, on 2026-03-08T12:00:00Z"),
        warned());
  }

  @Test
  void aCertificateForAnotherAppIsWorthAWarning() throws Exception {
    assertEquals(0, create(APP, "apple_certificate", "foreign.pem").window());
    assertEquals(
        List.of("apple_certificate: the certificate is for [com.example.other], not for " + APP),
        warned());
  }

  @Test
  void anIdThatIsNotTenCharactersLongIsWorthAWarning() throws Exception {
    assertEquals(
        0,
        create(APP, "apple_key", "AuthKey.p8", "key_id", "SHORT", "team_id", "DEF123GHIJ")
            .window());
    assertEquals(
        List.of("key_id: 'SHORT' does not have the 10 characters of Apple's IDs"), warned());
  }

  @Test
  void everythingThatIsWrongIsToldAtOnce() {
    assertEquals(
        List.of("apple_push_url", "apple_ca_file", "apple_certificate"),
        problems(
                "apple_push_url",
                "http://x/y",
                "apple_ca_file",
                "empty.pem",
                "apple_certificate",
                "expired.pem")
            .stream()
            .map(problem -> problem.substring(0, problem.indexOf(':')))
            .toList());
  }

  @Test
  void aProblemNamesFileSectionAndKeyAndNoSecret() {
    ConfigException refusal =
        assertThrows(ConfigException.class, () -> create(APP, "apple_key", "key.pem"));
    assertTrue(
        refusal.getMessage().startsWith("applications.ini [phone] apple_certificate: "),
        refusal.getMessage());
  }

  @Test
  void itServesApple() {
    assertEquals("apple", provider.platform());
  }
}
