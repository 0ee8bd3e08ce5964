// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.reload.ReloadFixture.ended;
import static org.pushserver.reload.ReloadFixture.section;
import static org.pushserver.reload.ReloadFixture.token;

import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The further names of applications, in a server whose configuration changes. */
@Timeout(120)
class ReloadAliasIT {
  private static final String ALIAS = "929724111839";

  @TempDir private Path directory;

  @RegisterExtension private final ReloadFixture fixture = new ReloadFixture(() -> directory);

  private int rung(String appId, String platform) throws Exception {
    return ended(fixture.ring(appId, platform, token(1))).statusCode();
  }

  @Test
  void aNameThatIsAddedFindsItsApplicationAndOneThatIsRemovedNone() throws Exception {
    fixture.start();
    assertEquals(404, rung(ALIAS, "apple"));
    fixture.set("sylk-apple", "app_aliases = my-project, " + ALIAS);
    assertTrue(fixture.reload());
    assertEquals(200, rung(ALIAS, "apple"));
    assertEquals(200, rung("my-project", "APNS"));
    assertEquals(200, rung("DEF123GHIJ.com.example.phone.voip", "apns"));
    assertEquals(404, rung(ALIAS, "firebase"));

    fixture.edit("applications.ini", text -> text.replace(", " + ALIAS, ""));
    assertTrue(fixture.reload());
    assertEquals(404, rung(ALIAS, "apple"));
    assertEquals(200, rung("my-project", "apple"));
  }

  @Test
  void aNameIsKeptAsLongAsItsApplicationIsAndGivenToNobodyWhileTwoHaveIt() throws Exception {
    fixture.set("sylk-apple", "app_aliases = " + ALIAS);
    fixture.start(fixture.config, Duration.ofHours(1));
    String good = Files.readString(fixture.config.resolve("applications.ini"));
    fixture.write("applications.ini", ReloadFixture.without("sylk-apple", good));
    assertTrue(await(fixture.server().reload()));
    fixture.assertRings(ALIAS, 2);

    fixture.write("applications.ini", good);
    fixture.set("linphone-apple", "app_aliases = " + ALIAS);
    assertTrue(fixture.reload());
    assertEquals(404, rung(ALIAS, "apple"));
    assertEquals(200, rung(ReloadFixture.PHONE, "apple"));
  }

  @Test
  void aDisabledSectionIsToldByItsOtherNamesToo() throws Exception {
    fixture.set("sylk-apple", "app_aliases = " + ALIAS);
    fixture.edit(
        "applications.ini", text -> text.replaceFirst("apple_key = .*", "apple_key = nowhere.p8"));
    fixture.start();
    HttpResponse<String> answer = ended(fixture.ring(ALIAS, "apple", token(1)));
    assertEquals(503, answer.statusCode(), answer::body);
    String words = new JsonObject(answer.body()).getString("description");
    assertTrue(words.startsWith("Application '" + ALIAS + "' cannot be used"), words);
    assertTrue(words.contains("its section [sylk-apple] is disabled"), words);
  }

  @Test
  void aSectionForTheSandboxIsFoundByWhatSipCallsIt() throws Exception {
    String sandbox =
        section("sylk-apple", Files.readString(fixture.config.resolve("applications.ini")))
            .replace("[sylk-apple]", "[sylk-sandbox]")
            .replaceFirst("app_id = .*", "app_id = com.example.phone.dev");
    fixture.edit("applications.ini", text -> text.strip() + "\n\n" + sandbox.strip() + "\n");
    fixture.start();
    assertEquals(200, rung(ReloadFixture.PHONE, "apns.dev"));
    assertTrue(
        fixture
            .get("/metrics")
            .lines()
            .anyMatch(
                line ->
                    line.startsWith("pushserver_pushes_accepted_total")
                        && line.contains("com.example.phone.dev")),
        "it went elsewhere");
  }
}
