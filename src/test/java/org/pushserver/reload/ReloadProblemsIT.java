// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.reload;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.reload.ReloadFixture.LINPHONE;
import static org.pushserver.reload.ReloadFixture.PHONE;
import static org.pushserver.reload.ReloadFixture.token;
import static org.pushserver.reload.ReloadFixture.without;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import io.vertx.core.json.JsonObject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.pushserver.RunningServer;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

/** What is wrong keeps the last good version, and is told once. */
@Timeout(60)
class ReloadProblemsIT {
  private static final String TYPE =
      """
      import java.util.Optional;
      import org.pushserver.push.Push;
      import org.pushserver.spi.PayloadMaker;
      import org.pushserver.sylk.SylkApple;
      import org.pushserver.sylk.SylkApplication;

      public class Mine extends SylkApplication {
        @Override public String name() { return "mine"; }
        @Override public Optional<PayloadMaker> payloadMaker(String platform) {
          return Optional.of(new SylkApple() {
            @Override protected int priority(Push push) { return 10; }
          });
        }
      }
      """;

  @TempDir private Path directory;

  @RegisterExtension private final ReloadFixture fixture = new ReloadFixture(() -> directory);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "app_id = com.example.phone\\n | '' | app_id: it is missing",
        "apns.p8 | nowhere.p8 | apple_key: there is no file",
        "app_type = sylk | app_type = skyl | app_type: 'skyl' is not known",
        "app_type = sylk | call_deadline = soon | call_deadline: 'soon' is not a number",
        "[sylk-apple]\\n | [renamed]\\nmax_queue = 0\\n | max_queue: '0' is not",
        "[sylk-apple]\\napp_id = com.example.phone\\napp_type = sylk | [renamed]\\napp_id = com.example.phone\\napp_type = skyl | app_type: 'skyl' is not",
      })
  void anApplicationThatIsWrongGoesOnAsItWas(String good, String bad, String problem)
      throws Exception {
    fixture.start();
    fixture.assertRings(PHONE, 1);
    String before = Files.readString(fixture.config.resolve("applications.ini"));
    String broken =
        before.replaceFirst(Pattern.quote(good.replace("\\n", "\n")), bad.replace("\\n", "\n"));
    fixture.write("applications.ini", broken);
    assertTrue(fixture.reload());
    assertTrue(fixture.reload());
    List<String> errors = fixture.errors();
    assertFalse(errors.isEmpty());
    assertEquals(
        1, errors.stream().filter(line -> line.contains(problem)).count(), errors::toString);
    for (String line : errors) {
      assertTrue(line.startsWith("applications.ini ["), line);
      assertTrue(line.endsWith("; the application goes on as it was"), line);
    }
    fixture.assertRings(PHONE, 2);
    fixture.write("applications.ini", before);
    assertTrue(fixture.reload());
    fixture.assertRings(PHONE, 3);
    assertEquals(fixture.connection(token(1)), fixture.connection(token(3)));
    // What was put right and breaks again is news.
    fixture.write("applications.ini", broken);
    assertTrue(fixture.reload());
    assertEquals(2 * errors.size(), fixture.errors().size());
  }

  @Test
  void aFileOfApplicationsThatIsMissingEmptyOrOddRemovesNothing() throws Exception {
    fixture.start();
    fixture.assertRings(PHONE, 1);
    Path file = fixture.config.resolve("applications.ini");
    String before = Files.readString(file);
    Files.delete(file);
    assertTrue(fixture.reload());
    fixture.write("applications.ini", "");
    assertTrue(fixture.reload());
    fixture.write("applications.ini", "odd\n" + without("sylk-apple", before));
    assertTrue(fixture.reload());
    fixture.edit("general.ini", text -> text.replace("= applications.ini", "= other.ini"));
    assertTrue(fixture.reload());
    assertEquals(4, fixture.errors().size(), () -> fixture.errors().toString());
    for (String line : fixture.errors()) {
      assertTrue(line.endsWith("; what runs goes on as it was"), line);
    }
    fixture.assertRings(PHONE, 2);
    fixture.assertRings(LINPHONE, 3);
    assertEquals(fixture.connection(token(1)), fixture.connection(token(2)));
  }

  /** Throws once, where nobody expects it. */
  private static final class Spoiler extends TurboFilter {
    private boolean spoilt;

    @Override
    public FilterReply decide(
        Marker marker,
        Logger logger,
        Level level,
        String format,
        Object[] parameters,
        Throwable thrown) {
      if (!spoilt && logger.getName().equals(RunningServer.PROBLEMS)) {
        spoilt = true;
        throw new IllegalStateException("spoilt");
      }
      return FilterReply.NEUTRAL;
    }
  }

  @Test
  void afterAReloadThatFailedTheNextOneWorks() throws Exception {
    fixture.start();
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Spoiler spoiler = new Spoiler();
    context.addTurboFilter(spoiler);
    try {
      String before = Files.readString(fixture.config.resolve("general.ini"));
      fixture.edit("general.ini", text -> text.replace("[server]", "[server]\nallowed_hosts = x"));
      assertFalse(fixture.reload());
      assertTrue(spoiler.spoilt);
      assertEquals(1, fixture.logged("it could not be read, which is a fault of Pushserver"));
      JsonObject health =
          new JsonObject(fixture.get("/health/ready")).getJsonObject("configuration");
      assertFalse(health.getBoolean("taken"));
      assertTrue(
          health.getJsonArray("problems").getString(0).contains("is a fault of Pushserver"),
          health::encode);
      assertTrue(fixture.get("/metrics").contains("pushserver_config_taken 0"));
      fixture.write("general.ini", before);
      assertTrue(fixture.reload());
      assertTrue(fixture.get("/metrics").contains("pushserver_config_taken 1"));
    } finally {
      context.getTurboFilterList().remove(spoiler);
    }
  }

  @Test
  void whatIsFatalLeavesEverythingAsItIsAndIsToldOnce() throws Exception {
    fixture.start();
    fixture.assertRings(PHONE, 1);
    Path general = fixture.config.resolve("general.ini");
    String before = Files.readString(general);
    fixture.edit("general.ini", text -> text.replace("[server]", "[server]\nallowed_hosts = x"));
    fixture.edit("applications.ini", text -> without("sylk-apple", text));
    assertFalse(fixture.reload());
    assertFalse(fixture.reload());
    assertEquals(
        List.of("general.ini [server] allowed_hosts: 'x' is neither"),
        fixture.errors().stream()
            .map(line -> line.replaceFirst("is neither.*", "is neither"))
            .toList());
    assertEquals(2, fixture.logged("cannot be used; the server goes on as it was"));
    fixture.forgetLog();
    Files.delete(general);
    assertFalse(fixture.reload());
    assertEquals(
        "general.ini: it has gone; put it back, or restart for the defaults",
        fixture.errors().get(0));
    fixture.assertRings(PHONE, 2);
    assertEquals(fixture.connection(token(1)), fixture.connection(token(2)));
    Files.writeString(general, before);
    assertTrue(fixture.reload());
    assertEquals(404, fixture.rung(PHONE, token(3)));
  }

  @Test
  void aPluginThatIsReplacedIsUsedAndOneThatBreaksIsNot() throws Exception {
    Files.createDirectory(fixture.config.resolve("applications"));
    fixture.write("applications/Mine.java", TYPE);
    fixture.edit(
        "applications.ini", text -> text.replaceFirst("app_type = sylk", "app_type = mine"));
    fixture.start();
    fixture.assertRings(PHONE, 1);
    fixture.assertRings(LINPHONE, 2);
    assertEquals("10", priority(1));

    fixture.write("applications/Mine.java", TYPE.replace("10", "5"));
    assertTrue(fixture.reload());
    fixture.assertRings(PHONE, 3);
    assertEquals("5", priority(3));

    fixture.write("applications/Mine.java", TYPE.replace("10", "1 +"));
    assertTrue(fixture.reload());
    assertEquals(1, fixture.errors().size(), () -> fixture.errors().toString());
    assertTrue(
        fixture
            .errors()
            .get(0)
            .startsWith("applications.ini [sylk-apple] app_type: 'mine' is not known"));
    assertTrue(fixture.errors().get(0).endsWith("; the application goes on as it was"));
    // A class that is first needed now, after the new file was read, is still there.
    fixture.assertRings(PHONE, 4);
    assertEquals("5", priority(4));
    assertEquals(fixture.connection(token(3)), fixture.connection(token(4)));

    fixture.write("applications/Mine.java", TYPE);
    assertTrue(fixture.reload());
    fixture.assertRings(PHONE, 5);
    assertEquals("10", priority(5));
    fixture.assertRings(LINPHONE, 6);
    assertEquals(fixture.connection(token(2)), fixture.connection(token(6)));
  }

  @Test
  void aSectionThatIsWrongForAWhileCostsItsPluginNothing() throws Exception {
    Files.createDirectory(fixture.config.resolve("applications"));
    fixture.write("applications/Mine.java", TYPE);
    fixture.edit(
        "applications.ini", text -> text.replaceFirst("app_type = sylk", "app_type = mine"));
    fixture.start();
    fixture.assertRings(PHONE, 1);
    String before = Files.readString(fixture.config.resolve("applications.ini"));
    fixture.set("sylk-apple", "max_queue = 0");
    assertTrue(fixture.reload());
    fixture.write("applications.ini", before);
    assertTrue(fixture.reload());
    fixture.assertRings(PHONE, 2);
    assertEquals(fixture.connection(token(1)), fixture.connection(token(2)));
  }

  private String priority(int number) {
    return fixture.arrived(token(number)).get(0).headers().get("apns-priority");
  }
}
