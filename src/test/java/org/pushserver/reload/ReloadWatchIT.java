// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.reload.ReloadFixture.LINPHONE;
import static org.pushserver.reload.ReloadFixture.PHONE;
import static org.pushserver.reload.ReloadFixture.token;
import static org.pushserver.reload.ReloadFixture.without;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.pushserver.fake.TestKeys;

/** Changes that nobody tells the server of. */
@Timeout(60)
class ReloadWatchIT {
  @TempDir private Path directory;

  @RegisterExtension private final ReloadFixture fixture = new ReloadFixture(() -> directory);

  /** Lets a link lead elsewhere in one step, as certbot and Kubernetes do. */
  private static void turn(Path link, String target) throws IOException {
    Path next = link.resolveSibling(".turning");
    Files.createSymbolicLink(next, Path.of(target));
    Files.move(next, link, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void anEditedFileIsApplied() throws Exception {
    fixture.start();
    fixture.edit("applications.ini", text -> without("sylk-apple", text));
    fixture.untilLogged("changed: " + fixture.config.resolve("applications.ini"));
    fixture.untilLogged("applications [sylk-apple] are no longer configured; held as before");
    fixture.untilLogged("applications: new [], changed [], removed [sylk-apple]");
    fixture.untilLogged("the configuration was read anew and is in use: it has changed");
    assertEquals(404, fixture.rung(PHONE, token(1)));
    assertEquals(200, fixture.rung(LINPHONE, token(2)));
  }

  /** Written in place, slowly: what has come so far is whole sections, but not all of them. */
  @Test
  void anApplicationThatIsNotWrittenYetRunsOn() throws Exception {
    fixture.start(fixture.config, Duration.ofHours(1));
    assertEquals(200, fixture.rung(PHONE, token(1)));
    Path file = fixture.config.resolve("applications.ini");
    String all = Files.readString(file);
    Files.writeString(file, without("sylk-apple", without("linphone-apple", all)));
    fixture.untilLogged("applications [linphone-apple, sylk-apple] are no longer configured");
    Files.writeString(file, without("sylk-apple", all));
    fixture.untilLogged("applications [sylk-apple] are no longer configured");
    assertEquals(200, fixture.rung(PHONE, token(2)));
    assertEquals(200, fixture.rung(LINPHONE, token(3)));
    Files.writeString(file, all);
    assertTrue(fixture.reload());
    assertEquals(200, fixture.rung(PHONE, token(4)));
    assertEquals(fixture.connection(token(1)), fixture.connection(token(4)));
    assertEquals(0, fixture.logged("removed ["));
  }

  @Test
  void whoAsksForTheFilesToBeReadIsBelieved() throws Exception {
    fixture.start(fixture.config, Duration.ofHours(1));
    fixture.edit("applications.ini", text -> without("sylk-apple", text));
    fixture.untilLogged("applications [sylk-apple] are no longer configured; held as before");
    assertTrue(fixture.reload());
    fixture.untilLogged("applications: new [], changed [], removed [sylk-apple]");
    assertEquals(404, fixture.rung(PHONE, token(1)));
  }

  @Test
  void theServerIsNotOpenWhileItsGuardsAreNotWrittenYet() throws Exception {
    fixture.edit(
        "general.ini", text -> text.replace("[server]", "[server]\nallowed_hosts = 192.0.2.1"));
    fixture.start(fixture.config, Duration.ofHours(1));
    assertEquals(403, fixture.rung(PHONE, token(1)));
    fixture.edit("general.ini", text -> text.replace("allowed_hosts = 192.0.2.1", ""));
    fixture.untilLogged("guards of [server] are no longer configured; held as before");
    fixture.untilLogged("is in use: it has changed");
    assertEquals(403, fixture.rung(PHONE, token(2)));
    assertTrue(fixture.reload());
    assertEquals(200, fixture.rung(PHONE, token(3)));
  }

  /** A mounted ConfigMap: each file is a link into a folder that is a link to a generation. */
  @Test
  void aNewGenerationOfAMountedConfigurationIsApplied() throws Exception {
    Path mount = Files.createDirectory(directory.resolve("mount"));
    Path first = Files.createDirectory(mount.resolve("..1"));
    Path second = Files.createDirectory(mount.resolve("..2"));
    String general =
        Files.readString(fixture.config.resolve("general.ini"))
            .replace("= credentials", "= " + fixture.config.resolve("credentials"));
    String applications = Files.readString(fixture.config.resolve("applications.ini"));
    for (Path generation : new Path[] {first, second}) {
      Files.writeString(generation.resolve("general.ini"), general);
    }
    Files.writeString(first.resolve("applications.ini"), without("sylk-apple", applications));
    Files.writeString(second.resolve("applications.ini"), applications);
    Files.createSymbolicLink(mount.resolve("..data"), Path.of("..1"));
    for (String file : new String[] {"general.ini", "applications.ini"}) {
      Files.createSymbolicLink(mount.resolve(file), Path.of("..data", file));
    }
    fixture.start(mount);
    assertEquals(404, fixture.rung(PHONE, token(1)));
    turn(mount.resolve("..data"), "..2");
    fixture.untilLogged("applications: new [sylk-apple], changed [], removed []");
    assertEquals(200, fixture.rung(PHONE, token(2)));
  }

  /** As certbot and others renew: the name stays a link, and leads to the next file. */
  @Test
  void aCredentialWhoseLinkIsTurnedIsUsed() throws Exception {
    Path key = fixture.config.resolve("credentials/apns.p8");
    Path archive = Files.createDirectory(directory.resolve("archive"));
    Files.move(key, archive.resolve("2.p8"));
    Files.writeString(archive.resolve("1.p8"), TestKeys.pem("EC", 256));
    Files.createSymbolicLink(key, archive.resolve("1.p8"));
    fixture.start();
    assertEquals(403, fixture.rung(PHONE, token(1)));
    turn(key, archive.resolve("2.p8").toString());
    fixture.untilLogged("changed [linphone-apple, sylk-apple]");
    assertEquals(200, fixture.rung(PHONE, token(2)));
  }

  @Test
  void whatIsWrongIsReadOnceMoreBecauseItMayHaveBeenHalfWritten() throws Exception {
    fixture.start();
    Path file = fixture.config.resolve("applications.ini");
    String good = without("sylk-apple", Files.readString(file));
    Files.writeString(file, "half");
    fixture.reload();
    Files.writeString(file, good);
    fixture.untilLogged("applications: new [], changed [], removed [sylk-apple]");
    assertEquals(404, fixture.rung(PHONE, token(1)));
  }
}
