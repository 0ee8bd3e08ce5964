// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;
import static org.pushserver.reload.ReloadFixture.LINPHONE;
import static org.pushserver.reload.ReloadFixture.PHONE;
import static org.pushserver.reload.ReloadFixture.ended;
import static org.pushserver.reload.ReloadFixture.token;
import static org.pushserver.reload.ReloadFixture.without;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.RunningServer;
import org.pushserver.fake.TestKeys;
import org.pushserver.sandbox.Fault;
import org.pushserver.sandbox.Fault.Kind;
import org.pushserver.sandbox.Notification;
import org.pushserver.sandbox.Sandbox;
import org.pushserver.sandbox.Service;

/** What becomes of applications and their pushes when the configuration changes meanwhile. */
@Timeout(60)
class ReloadIT {
  private static final int SOME = 20;

  @TempDir private Path directory;

  @RegisterExtension private final ReloadFixture fixture = new ReloadFixture(() -> directory);

  private void assertReloads() throws Exception {
    assertTrue(fixture.reload(), () -> "not in use: " + fixture.errors());
  }

  /** Until when the phone's service may keep what was last sent to it, in seconds from then. */
  private long life(int number) {
    List<Notification> all = fixture.arrived(token(number));
    Notification last = all.get(all.size() - 1);
    return Long.parseLong(last.headers().get("apns-expiration")) - last.time().getEpochSecond();
  }

  @Test
  void anUnchangedApplicationKeepsItsConnectionAndItsQueueWhileAnotherChanges() throws Exception {
    fixture.start();
    fixture.assertRings(PHONE, 1);
    fixture.sandbox.faults().add(Fault.answer(429).retryAfter(1).at(Service.APNS).times(1));
    CompletableFuture<HttpResponse<String>> waits = fixture.ring(PHONE, token(2));
    assertEquals(429, await(fixture.sandbox.journal().next(1)).status());
    fixture.set("linphone-apple", "call_deadline = 30");
    assertReloads();
    fixture.untilLogged("applications: new [], changed [linphone-apple], removed []");
    fixture.assertRings(LINPHONE, 3);
    assertEquals(200, ended(waits).statusCode());
    assertEquals(2, fixture.arrived(token(2)).size());
    assertEquals(fixture.connection(token(1)), fixture.connection(token(2)));
  }

  @Test
  void aChangedApplicationAnswersWithItsNewSettingsOverANewConnection() throws Exception {
    fixture.start();
    fixture.assertRings(PHONE, 1);
    assertTrue(life(1) > 50, () -> "life " + life(1));
    fixture.set("sylk-apple", "call_deadline = 30");
    assertReloads();
    fixture.assertRings(PHONE, 2);
    assertTrue(life(2) <= 30, () -> "life " + life(2));
    assertNotEquals(fixture.connection(token(1)), fixture.connection(token(2)));
  }

  @Test
  void whatWaitsGoesToTheNewAddressWithTheNewCredentialsInItsOrder() throws Exception {
    fixture.sandbox.faults().add(Fault.of(Kind.DOWN).at(Service.APNS));
    fixture.edit("general.ini", text -> text.replace("[server]", "[server]\nreturn_async = no"));
    fixture.start();
    for (int i = 0; i < SOME; i++) {
      assertEquals(202, fixture.rung(PHONE, token(i)));
    }
    Sandbox other = fixture.anotherSandbox(Files.createDirectory(directory.resolve("other")));
    Path theirs = other.configDirectory().resolve("credentials");
    fixture.write("credentials/apns.p8", Files.readString(theirs.resolve("apns.p8")));
    fixture.write("credentials/other.pem", Files.readString(theirs.resolve("ca.pem")));
    fixture.edit(
        "applications.ini",
        text ->
            text.replace(":" + fixture.sandbox.apnsPort(), ":" + other.apnsPort())
                .replace("apple_ca_file = ca.pem", "apple_ca_file = other.pem"));
    assertReloads();
    await(other.journal().next(SOME - 1));
    List<String> arrived =
        other.journal().list().stream().map(one -> one.path().substring(10)).toList();
    assertEquals(IntStream.range(0, SOME).mapToObj(ReloadFixture::token).toList(), arrived);
    assertEquals(SOME, other.journal().accepted(Service.APNS));
    assertEquals(0, fixture.sandbox.journal().last());
  }

  @Test
  void aRemovedApplicationAnswersWhatWaitsAndIsUnknownFromThenOn() throws Exception {
    fixture.start();
    fixture.sandbox.faults().add(Fault.answer(429).retryAfter(30).at(Service.APNS).times(1));
    CompletableFuture<HttpResponse<String>> waits = fixture.ring(PHONE, token(1));
    await(fixture.sandbox.journal().next(0));
    fixture.edit("applications.ini", text -> without("sylk-apple", text));
    assertReloads();
    HttpResponse<String> answer = ended(waits);
    assertEquals(404, answer.statusCode());
    assertTrue(answer.body().contains("the application is no longer configured"), answer::body);
    assertEquals(404, fixture.rung(PHONE, token(2)));
    fixture.assertRings(LINPHONE, 3);
    assertEquals(1, fixture.arrived(token(1)).size());
  }

  @Test
  void anAddedApplicationWorks() throws Exception {
    String all = Files.readString(fixture.config.resolve("applications.ini"));
    fixture.write("applications.ini", without("sylk-apple", all));
    fixture.start();
    assertEquals(404, fixture.rung(PHONE, token(1)));
    fixture.write("applications.ini", all);
    assertReloads();
    fixture.untilLogged("applications: new [sylk-apple], changed [], removed []");
    fixture.assertRings(PHONE, 2);
  }

  @Test
  void labelsMayBeSwappedAndApplicationsMoveToOtherSections() throws Exception {
    fixture.start();
    fixture.edit(
        "applications.ini",
        text ->
            text.replace("[sylk-apple]", "[x]")
                .replace("[linphone-apple]", "[sylk-apple]")
                .replace("[x]", "[linphone-apple]"));
    assertReloads();
    fixture.assertRings(PHONE, 1);
    fixture.assertRings(LINPHONE, 2);
    fixture.edit("applications.ini", text -> text.replace("[sylk-apple]", "[renamed]"));
    assertReloads();
    fixture.assertRings(LINPHONE, 3);
    fixture.edit("applications.ini", text -> text.replace("app_id = " + LINPHONE, "app_id = new"));
    assertReloads();
    assertEquals(404, fixture.rung(LINPHONE, token(4)));
    fixture.assertRings(PHONE, 5);
    assertEquals(List.of(), fixture.errors());
  }

  @Test
  void aKeyThatIsReplacedUnderTheSameNameIsUsedAndOneThatIsRefusedRecovers() throws Exception {
    String good = Files.readString(fixture.config.resolve("credentials/apns.p8"));
    fixture.start();
    fixture.assertRings(PHONE, 1);
    fixture.write("credentials/apns.p8", TestKeys.pem("EC", 256));
    assertReloads();
    for (int i = 2; i < 5; i++) {
      assertEquals(403, fixture.rung(PHONE, token(i)));
    }
    fixture.untilLogged("[sylk-apple] the push service refuses the application's credentials");
    fixture.write("credentials/apns.p8", good);
    assertReloads();
    // Not after a while, by one that is tried.
    for (int i = 5; i < 10; i++) {
      fixture.assertRings(PHONE, i);
    }
    fixture.assertRings(LINPHONE, 10);
  }

  @Test
  void aServiceAccountThatIsRefusedRecoversWhenItsFileIsReplaced() throws Exception {
    Path file = fixture.config.resolve("credentials/firebase.json");
    String good = Files.readString(file);
    JsonObject stranger = new JsonObject(good).put("private_key", TestKeys.pem("RSA", 2048));
    fixture.write("credentials/firebase.json", stranger.encode());
    fixture.start();
    assertEquals(401, ended(fixture.ring(PHONE, "android", "device-1")).statusCode());
    fixture.write("credentials/firebase.json", good);
    assertReloads();
    assertEquals(200, ended(fixture.ring(PHONE, "android", "device-2")).statusCode());
  }

  @Test
  void whileTheServerStopsNothingIsAppliedAnyMore() throws Exception {
    fixture.start();
    fixture.edit("applications.ini", text -> without("sylk-apple", text));
    RunningServer server = fixture.server();
    Future<Boolean> reload = server.reload();
    await(fixture.stopServer());
    await(reload);
    assertFalse(await(server.reload()));
    assertEquals(1, fixture.vertx.deploymentIDs().size(), "only the sandbox is left");
  }
}
