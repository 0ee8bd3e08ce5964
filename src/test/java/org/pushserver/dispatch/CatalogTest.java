// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.pushserver.events.Application;
import org.pushserver.events.ApplicationListener;
import org.pushserver.fake.ManualTime;
import org.pushserver.linphone.LinphoneApplication;
import org.pushserver.plugin.PluginLoader;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.queue.SampleAnswers;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;
import org.pushserver.spi.PushService;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.Setting;
import org.pushserver.sylk.SylkApplication;

class CatalogTest {
  private static final String FILE = "applications.ini";

  /** A push service of a stranger: refuses a section without a key, warns of a short one. */
  private record Pigeon(String platform) implements PushServiceProvider {
    @Override
    public PushService create(AppConfig config, Consumer<Problem> warnings) throws ConfigException {
      String key =
          config
              .setting("pigeon_key")
              .orElseThrow(() -> new ConfigException(config.error("pigeon_key", "is missing")));
      if (key.length() < 4) {
        warnings.accept(config.warning("pigeon_key", "is short"));
      }
      return new ScriptedService(new ManualTime());
    }
  }

  private record Coop(String name) implements ApplicationType {
    @Override
    public List<Event> events() {
      return List.of(Event.MESSAGE);
    }

    @Override
    public Optional<PayloadMaker> payloadMaker(String platform) {
      return platform.equals("pigeon")
          ? Optional.of((push, now) -> SampleAnswers.PAYLOAD)
          : Optional.empty();
    }
  }

  private static final Catalog CATALOG =
      new Catalog(
          List.of(new Coop("coop"), new SylkApplication(), new LinphoneApplication()),
          List.of(new Pigeon("pigeon"), new Pigeon("owl")));

  private static AppConfig app(String section, String type, String platform, String key) {
    return new AppConfig(
        FILE,
        section,
        new AppKey("com.example." + section, platform),
        type,
        key == null ? Map.of() : Map.of("pigeon_key", key),
        Path.of("credentials"),
        Delivery.DEFAULT);
  }

  private static Problem error(String section, String key, String message) {
    return new Problem(Severity.ERROR, FILE, section, key, message);
  }

  @Test
  void theBuiltInOnesAreFound() {
    Catalog catalog =
        Catalog.of(
            new PluginLoader().load(List.of(), List.of(), Path.of("none"), Path.of("none")),
            (config, warnings) -> ApplicationListener.NONE);
    assertTrue(catalog.hasPlatform(AppKey.APPLE));
    assertTrue(catalog.hasPlatform(AppKey.FIREBASE));
    assertFalse(catalog.hasPlatform("pigeon"));
    assertEquals(
        List.of(
            error("x", "app_type", "'coop' is not known; known are: sylk, linphone, template"),
            error("y", "app_platform", "'pigeon' is not known; known are: apple, firebase")),
        catalog
            .prepare(List.of(app("x", "coop", "apple", null), app("y", "sylk", "pigeon", null)))
            .problems());
  }

  /** One that says what it needs, and relies on it; it takes what is made for pigeons. */
  private static final class Owl implements PushServiceProvider {
    @Override
    public String platform() {
      return "owl";
    }

    @Override
    public Optional<List<Setting>> settings() {
      return Optional.of(
          List.of(
              Setting.text("pigeon_key").needed("say which"),
              Setting.text("nest").needed("build")));
    }

    @Override
    public List<String> payloads() {
      return List.of("mouse", "pigeon");
    }

    @Override
    public PushService create(AppConfig config, Consumer<Problem> warnings) throws ConfigException {
      if (config.setting("pigeon_key").orElseThrow().equals("bad")) {
        throw new ConfigException(
            List.of(config.error("pigeon_key", "is bad"), config.error("nest", "is far")));
      }
      return new ScriptedService(new ManualTime());
    }
  }

  private static final Catalog OWLS = new Catalog(List.of(new Coop("coop")), List.of(new Owl()));

  @Test
  void aKeyThatMayNotBeLeftOutIsToldWithAllElse() {
    assertEquals(
        List.of(
            error("none", "pigeon_key", "is missing; say which"),
            error("none", "nest", "is missing; build"),
            error("good", "nest", "is missing; build"),
            error("bad", "nest", "is missing; build"),
            error("bad", "pigeon_key", "is bad")),
        OWLS.prepare(
                List.of(
                    app("none", "coop", "owl", null),
                    app("good", "coop", "owl", "good"),
                    app("bad", "coop", "owl", "bad")))
            .problems());
  }

  @Test
  void aServiceMayTakeWhatIsMadeForAnother() {
    AppConfig config = app("a", "coop", "owl", "good");
    PreparedApplications prepared =
        OWLS.prepare(
            List.of(
                new AppConfig(
                    config.file(),
                    config.section(),
                    config.key(),
                    config.type(),
                    Map.of("pigeon_key", "good", "nest", "oak"),
                    config.credentialsFolder(),
                    config.delivery())));
    assertEquals(List.of(), prepared.problems());
    assertEquals(1, prepared.applications().size());
  }

  @Test
  void anUnknownTypeIsToldWithTheKnownOnes() {
    PreparedApplications prepared = CATALOG.prepare(List.of(app("a", "loft", "pigeon", "1234")));
    assertEquals(List.of(), prepared.applications());
    assertEquals(
        List.of(error("a", "app_type", "'loft' is not known; known are: coop, sylk, linphone")),
        prepared.problems());
  }

  @Test
  void anUnknownPlatformIsToldWithTheKnownOnes() {
    assertEquals(
        List.of(error("a", "app_platform", "'drum' is not known; known are: pigeon, owl")),
        CATALOG.prepare(List.of(app("a", "coop", "drum", "1234"))).problems());
  }

  @Test
  void aTypeThatDoesNotExistOnThePlatformIsTold() {
    assertEquals(
        List.of(error("a", "app_type", "coop has no notifications for owl")),
        CATALOG.prepare(List.of(app("a", "coop", "owl", "1234"))).problems());
  }

  @Test
  void aBadSectionDisablesItselfAndNoOther() {
    PreparedApplications prepared =
        CATALOG.prepare(
            List.of(
                app("bad", "coop", "pigeon", null),
                app("good", "coop", "pigeon", "1234"),
                app("odd", "coop", "pigeon", "12")));
    assertEquals(
        List.of("good", "odd"),
        prepared.applications().stream().map(Application::section).toList());
    assertEquals(
        List.of(
            error("bad", "pigeon_key", "is missing"),
            new Problem(Severity.WARNING, FILE, "odd", "pigeon_key", "is short")),
        prepared.problems());
  }

  @Test
  void anApplicationHasItsOwnDeliverySettings() {
    List<ApplicationParts> parts =
        CATALOG.prepare(List.of(app("a", "coop", "pigeon", "1234"))).parts();
    assertSame(Delivery.DEFAULT, parts.get(0).application().delivery());
  }

  @Test
  void oneNameForTwoPluginsStopsTheStart() {
    assertThrows(
        IllegalStateException.class,
        () -> new Catalog(List.of(new Coop("coop"), new Coop("coop")), List.of()));
    assertThrows(
        IllegalStateException.class,
        () -> new Catalog(List.of(), List.of(new Pigeon("owl"), new Pigeon("owl"))));
  }
}
