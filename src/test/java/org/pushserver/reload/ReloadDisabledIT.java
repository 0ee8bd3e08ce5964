// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.reload.ReloadFixture.PHONE;
import static org.pushserver.reload.ReloadFixture.ended;
import static org.pushserver.reload.ReloadFixture.section;
import static org.pushserver.reload.ReloadFixture.token;

import io.netty.pkitesting.X509Bundle;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.fake.TestTls;

/** What callers and operators learn of sections that no application runs from. */
@Timeout(120)
class ReloadDisabledIT {
  @TempDir private Path directory;

  @RegisterExtension private final ReloadFixture fixture = new ReloadFixture(() -> directory);

  private JsonObject health() throws Exception {
    return new JsonObject(fixture.get("/health/ready"));
  }

  /** Adds a section for the same as that of the sandbox, which needs another key file. */
  private void addRival(String name, String key) throws Exception {
    String rival =
        section("sylk-apple", Files.readString(fixture.config.resolve("applications.ini")))
            .replace("[sylk-apple]", "[" + name + "]")
            .replaceFirst("apple_key = .*", "apple_key = " + key);
    fixture.edit("applications.ini", text -> text.strip() + "\n\n" + rival.strip() + "\n");
  }

  @Test
  void aPushForADisabledSectionIsToComeAgainAndSaysWhy() throws Exception {
    fixture.edit(
        "applications.ini", text -> text.replaceFirst("apple_key = .*", "apple_key = nowhere.p8"));
    fixture.start();
    HttpResponse<String> answer = ended(fixture.ring(PHONE, token(1)));
    assertEquals(503, answer.statusCode(), answer::body);
    assertEquals("30", answer.headers().firstValue("retry-after").orElseThrow());
    String words = new JsonObject(answer.body()).getString("description");
    assertTrue(
        words.contains("its section [sylk-apple] is disabled: apple_key: there is no file"), words);
    JsonArray disabled = health().getJsonArray("disabled");
    assertEquals(1, disabled.size(), disabled::encodePrettily);
    assertEquals("sylk-apple", disabled.getJsonObject(0).getString("section"));
    assertEquals(PHONE, disabled.getJsonObject(0).getString("app_id"));
    assertTrue(
        fixture.get("/metrics").contains("pushserver_config_problems{severity=\"error\"} 1"));

    fixture.edit(
        "applications.ini",
        text -> text.replaceFirst("apple_key = nowhere.p8", "apple_key = apns.p8"));
    assertTrue(fixture.reload());
    fixture.assertRings(PHONE, 2);
    assertEquals(new JsonArray(), health().getJsonArray("disabled"));
    assertTrue(
        fixture.get("/metrics").contains("pushserver_config_problems{severity=\"error\"} 0"));
  }

  /** Nobody knows what is configured, and a PBX that is told 404 forgets its phones. */
  @ParameterizedTest
  @CsvSource(
      nullValues = "gone",
      delimiter = '|',
      value = {
        "gone | it does not exist",
        "'' | there is no section in it",
        "half a line | line 1",
      })
  void whileTheWholeFileIsWrongAtAStartEveryPushIsToComeAgain(String text, String why)
      throws Exception {
    String good = Files.readString(fixture.config.resolve("applications.ini"));
    if (text == null) {
      Files.delete(fixture.config.resolve("applications.ini"));
    } else {
      fixture.write("applications.ini", text);
    }
    fixture.start();
    HttpResponse<String> answer = ended(fixture.ring(PHONE, token(1)));
    assertEquals(503, answer.statusCode(), answer::body);
    assertEquals("30", answer.headers().firstValue("retry-after").orElseThrow());
    String words = new JsonObject(answer.body()).getString("description");
    assertTrue(words.contains("something is wrong with applications.ini: " + why), words);
    assertEquals(503, ended(fixture.ring("x", "pigeon", token(2))).statusCode());
    JsonArray disabled = health().getJsonArray("disabled");
    assertEquals("", disabled.getJsonObject(0).getString("section"));

    fixture.write("applications.ini", good);
    assertTrue(fixture.reload());
    fixture.assertRings(PHONE, 3);
    assertEquals(404, fixture.rung("com.example.nobody", token(4)));
    assertEquals(new JsonArray(), health().getJsonArray("disabled"));
  }

  @Test
  void anEditThatIsNotTakenIsInHealthAndMetricsUntilItIsMended() throws Exception {
    fixture.start();
    assertTrue(health().getJsonObject("configuration").getBoolean("taken"));
    fixture.edit("general.ini", text -> text.replace("[server]", "[server]\nallowed_host = ::1"));
    assertFalse(fixture.reload());
    JsonObject configuration = health().getJsonObject("configuration");
    assertFalse(configuration.getBoolean("taken"));
    assertTrue(
        configuration.getJsonArray("problems").getString(0).contains("[server] allowed_host: "),
        configuration::encode);
    assertTrue(fixture.get("/metrics").contains("pushserver_config_taken 0"));
    assertTrue(
        fixture.get("/metrics").contains("pushserver_config_problems{severity=\"fatal\"} 1"));
    fixture.assertRings(PHONE, 1);

    fixture.edit("general.ini", text -> text.replace("allowed_host = ::1\n", ""));
    assertTrue(fixture.reload());
    assertTrue(health().getJsonObject("configuration").getBoolean("taken"));
    assertTrue(fixture.get("/metrics").contains("pushserver_config_taken 1"));
  }

  @Test
  void ofTwoSectionsForTheSameTheLastGoodOneIsUsed() throws Exception {
    addRival("rival", "nowhere.p8");
    fixture.start();
    fixture.assertRings(PHONE, 1);
    assertTrue(
        fixture.errors().stream().allMatch(line -> line.endsWith("; [sylk-apple] is used instead")),
        () -> fixture.errors().toString());

    fixture.edit("applications.ini", text -> text.replace("nowhere.p8", "apns.p8"));
    assertTrue(fixture.reload());
    fixture.untilLogged("applications: new [], changed [rival], removed []");
    fixture.assertRings(PHONE, 2);

    // What runs is worth more than a section that was not used.
    fixture.forgetLog();
    fixture.edit(
        "applications.ini",
        text -> text.substring(0, text.lastIndexOf("apple_key")) + "apple_key = nowhere.p8\n");
    assertTrue(fixture.reload());
    fixture.assertRings(PHONE, 3);
    assertEquals(
        List.of(),
        fixture.errors().stream()
            .filter(line -> !line.endsWith("; the application goes on as it was"))
            .toList());
    assertEquals(fixture.connection(token(2)), fixture.connection(token(3)));
  }

  @Test
  void aCertificateThatTlsCannotUseDoesNotReplaceWhatWorks() throws Exception {
    fixture.start();
    fixture.assertRings(PHONE, 1);
    KeyPairGenerator weak = KeyPairGenerator.getInstance("RSA");
    weak.initialize(512);
    X509Bundle authority =
        TestTls.valid().subject("CN=Root").setIsCertificateAuthority(true).buildSelfSigned();
    X509Bundle bundle =
        TestTls.valid().subject("CN=weak").keyPair(weak.generateKeyPair()).buildIssuedBy(authority);
    fixture.write("credentials/weak.pem", bundle.getCertificatePEM() + bundle.getPrivateKeyPEM());
    fixture.edit(
        "applications.ini",
        text -> text.replaceFirst("apple_key = .*", "apple_certificate = weak.pem"));
    assertTrue(fixture.reload());
    List<String> errors = fixture.errors();
    assertEquals(1, errors.size(), errors::toString);
    assertTrue(errors.get(0).contains("weak.pem: TLS cannot use certificate and key together"));
    assertTrue(errors.get(0).endsWith("; the application goes on as it was"), errors.get(0));
    fixture.assertRings(PHONE, 2);
    assertEquals(fixture.connection(token(1)), fixture.connection(token(2)));
  }
}
