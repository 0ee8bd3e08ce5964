// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.fake.TestAccount;
import org.pushserver.fake.TestTls;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Problem;

class FcmProviderTest {
  private static final String TOKEN_URI = "https://oauth2.googleapis.com/token";
  private static final TestAccount account = TestAccount.shared();

  @TempDir private Path folder;
  private final List<Problem> warnings = new ArrayList<>();

  private AppConfig config(Map<String, String> settings) {
    return new AppConfig(
        "applications.ini",
        "my-app",
        new AppKey("com.example.app", AppKey.FIREBASE),
        "sylk",
        settings,
        folder,
        Delivery.DEFAULT);
  }

  private Map<String, String> withAccount(JsonObject json) throws Exception {
    Files.writeString(folder.resolve("account.json"), json.encode());
    return new HashMap<>(Map.of(FcmSettings.AUTHORIZATION_FILE, "account.json"));
  }

  private FcmSettings read(Map<String, String> settings) throws ConfigException {
    return FcmSettings.read(config(settings), warnings::add);
  }

  private List<Problem> problems(Map<String, String> settings) {
    return assertThrows(ConfigException.class, () -> read(settings)).problems();
  }

  /** The problem with an account file, which names file, section and key besides. */
  private String accountProblem(Map<String, String> settings) {
    List<Problem> problems = problems(settings);
    assertEquals(1, problems.size(), problems.toString());
    Problem problem = problems.get(0);
    assertEquals("applications.ini", problem.file());
    assertEquals("my-app", problem.section());
    assertEquals(FcmSettings.AUTHORIZATION_FILE, problem.key());
    assertTrue(problem.message().contains("account.json"), problem.message());
    return problem.message();
  }

  @Test
  void itServesFirebase() {
    assertEquals(AppKey.FIREBASE, new FcmProvider().platform());
  }

  @Test
  void aGoodAccountMakesAServiceWithoutAWarning() throws Exception {
    AppConfig config = config(withAccount(account.json(TOKEN_URI)));
    assertEquals(0, new FcmProvider().create(config, warnings::add).window());
    assertEquals(List.of(), warnings);
  }

  @ParameterizedTest
  @CsvSource({
    ", https://fcm.googleapis.com/v1/projects/test-project/messages:send",
    "https://gw.example, https://gw.example/v1/projects/test-project/messages:send",
    "http://127.0.0.1:9901/, http://127.0.0.1:9901/v1/projects/test-project/messages:send",
    "http://127.0.0.1:9901/v1/projects/mock/messages:send,"
        + "http://127.0.0.1:9901/v1/projects/mock/messages:send",
  })
  void aBarePushUrlGetsTheProjectsPath(String url, String expected) throws Exception {
    Map<String, String> settings = withAccount(account.json(TOKEN_URI));
    if (url != null) {
      settings.put(FcmSettings.PUSH_URL, url);
    }
    assertEquals(expected, read(settings).endpoint().url());
  }

  @ParameterizedTest
  @CsvSource({
    ", https://fcm.googleapis.com/fcm/send",
    "https://gw.example:444, https://gw.example:444/fcm/send",
    "https://gw.example/other, https://gw.example/other",
  })
  void aServerKeyUsesTheLegacyPathAndWarns(String url, String expected) throws Exception {
    Map<String, String> settings = new HashMap<>(Map.of(FcmSettings.AUTHORIZATION_KEY, "AAAA:key"));
    if (url != null) {
      settings.put(FcmSettings.PUSH_URL, url);
    }
    assertEquals(expected, read(settings).endpoint().url());
    assertEquals(1, warnings.size());
    assertEquals(Problem.Severity.WARNING, warnings.get(0).severity());
    assertTrue(warnings.get(0).message().contains("2024"));
    assertFalse(warnings.get(0).message().contains("AAAA"));
  }

  @Test
  void aServiceAccountAtTheLegacyAddressWarns() throws Exception {
    Map<String, String> settings = withAccount(account.json(TOKEN_URI));
    settings.put(FcmSettings.PUSH_URL, "https://fcm.googleapis.com/fcm/send");
    assertEquals("https://fcm.googleapis.com/fcm/send", read(settings).endpoint().url());
    assertEquals(FcmSettings.PUSH_URL, warnings.get(0).key());
  }

  @Test
  void oneOfTheTwoCredentialsIsNeeded() {
    assertEquals(FcmSettings.AUTHORIZATION_FILE, problems(Map.of()).get(0).key());
  }

  @Test
  void bothCredentialsAreOneTooMany() throws Exception {
    Map<String, String> settings = withAccount(account.json(TOKEN_URI));
    settings.put(FcmSettings.AUTHORIZATION_KEY, "key");
    assertEquals(FcmSettings.AUTHORIZATION_KEY, problems(settings).get(0).key());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"project_id", "client_email", "private_key", "private_key_id", "token_uri"})
  void aFieldThatIsMissingIsNamed(String field) throws Exception {
    JsonObject json = account.json(TOKEN_URI);
    json.remove(field);
    assertTrue(accountProblem(withAccount(json)).contains("field " + field + " "));
    json.put(field, "  ");
    assertTrue(accountProblem(withAccount(json)).contains("field " + field + " "));
    json.put(field, 5);
    assertTrue(accountProblem(withAccount(json)).contains("field " + field + " "));
  }

  @ParameterizedTest
  @CsvSource({
    "project_id, a/../b, field project_id",
    "type, authorized_user, service account",
    "token_uri, http://oauth2.googleapis.com/token, use https",
    "private_key, nope, PEM",
    "private_key, -----BEGIN PRIVATE KEY-----AAAA-----END PRIVATE KEY-----, damaged",
    "private_key, -----BEGIN PRIVATE KEY-----!!-----END PRIVATE KEY-----, damaged",
  })
  void aFieldThatIsWrongIsNamed(String field, String value, String said) throws Exception {
    String message = accountProblem(withAccount(account.json(TOKEN_URI).put(field, value)));
    assertTrue(message.contains(said), message);
  }

  @Test
  void everythingThatIsWrongIsToldAtOnce() throws Exception {
    JsonObject json = account.json("http://example.com/token");
    json.remove("project_id");
    Map<String, String> settings = withAccount(json);
    settings.put(FcmSettings.PUSH_URL, "ftp://x");
    settings.put(FcmSettings.CA_FILE, "missing.pem");
    assertEquals(4, problems(settings).size());
  }

  @Test
  void aKeyThatIsNotRsaOrTooShortIsRefused() throws Exception {
    JsonObject elliptic = TestAccount.create("EC", 256).json(TOKEN_URI);
    assertTrue(accountProblem(withAccount(elliptic)).contains("no RSA key"));
    JsonObject shortKey = TestAccount.create("RSA", 1024).json(TOKEN_URI);
    assertTrue(accountProblem(withAccount(shortKey)).contains("2048"));
  }

  @Test
  void aKeyWhoseLineEndsWereMangledIsStillRead() throws Exception {
    for (String lineEnd : new String[] {"\\n", "\r\n", "\\r\\n", " ", ""}) {
      JsonObject json =
          account.json(TOKEN_URI).put("private_key", account.pem().replace("\n", lineEnd));
      assertEquals(
          account.keys().getPrivate(), read(withAccount(json)).account().credential().key());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "[]", "5", "{\"private_key\": \"secret\" x}"})
  void aFileThatIsNoJsonObjectIsRefusedWithoutQuotingIt(String content) throws Exception {
    Files.writeString(folder.resolve("account.json"), content);
    String message = accountProblem(Map.of(FcmSettings.AUTHORIZATION_FILE, "account.json"));
    assertFalse(message.contains("secret"), message);
  }

  @Test
  void aFileThatIsNotThereOrTooBigIsRefused() throws Exception {
    Map<String, String> settings = Map.of(FcmSettings.AUTHORIZATION_FILE, "account.json");
    assertTrue(accountProblem(settings).contains("there is no such file"));
    Files.write(folder.resolve("account.json"), new byte[70_000]);
    assertTrue(accountProblem(settings).contains("too big"));
  }

  @Test
  void aCaFileMustHoldCertificates() throws Exception {
    TestTls tls = TestTls.create(folder);
    Map<String, String> settings = withAccount(account.json(TOKEN_URI));
    settings.put(FcmSettings.CA_FILE, tls.ca().getFileName().toString());
    assertEquals(1, read(settings).way().ca().getCertValues().size());
    for (String content : new String[] {"", "nope"}) {
      Files.writeString(folder.resolve("bad.pem"), content);
      settings.put(FcmSettings.CA_FILE, "bad.pem");
      assertEquals(FcmSettings.CA_FILE, problems(settings).get(0).key());
    }
  }

  @Test
  void neitherSettingsNorCredentialsShowASecret() throws Exception {
    FcmSettings settings = read(withAccount(account.json(TOKEN_URI)));
    assertEquals(
        TestAccount.EMAIL + ", key " + TestAccount.KEY_ID,
        settings.account().credential().toString());
    assertFalse(read(Map.of(FcmSettings.AUTHORIZATION_KEY, "AAAA")).toString().contains("AAAA"));
  }
}
