// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.pushserver.events.Application;
import org.pushserver.events.ApplicationListener;
import org.pushserver.plugin.Plugins;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.Problem;
import org.pushserver.spi.PushService;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.Reason;

/**
 * The application types and push services there are, and the parts made from them. It knows none by
 * name, and does not tell built-in ones from strangers'. Immutable; any thread.
 */
public final class Catalog {
  private final Map<String, ApplicationType> types;
  private final Map<String, PushServiceProvider> services;

  /** What is not in it although somebody wanted it to be. */
  private final List<Problem> unloaded;

  private final ApplicationListener.Maker reporters;

  Catalog(Iterable<ApplicationType> types, Iterable<PushServiceProvider> services) {
    this(types, services, List.of(), (config, warnings) -> ApplicationListener.NONE);
  }

  private Catalog(
      Iterable<ApplicationType> types,
      Iterable<PushServiceProvider> services,
      List<Problem> unloaded,
      ApplicationListener.Maker reporters) {
    this.types = byName(types, ApplicationType::name);
    this.services = byName(services, PushServiceProvider::platform);
    this.unloaded = unloaded;
    this.reporters = reporters;
  }

  /**
   * The catalog of all that was found.
   *
   * @param reporters makes those who are told of an application's pushes
   */
  public static Catalog of(Plugins plugins, ApplicationListener.Maker reporters) {
    return new Catalog(plugins.types(), plugins.providers(), plugins.problems(), reporters);
  }

  private static <T> Map<String, T> byName(Iterable<T> found, Function<T, String> name) {
    Map<String, T> all = new LinkedHashMap<>();
    for (T one : found) {
      if (all.putIfAbsent(name.apply(one), one) != null) {
        throw new IllegalStateException("found twice on the class path: " + name.apply(one));
      }
    }
    return all;
  }

  boolean hasPlatform(String platform) {
    return services.containsKey(platform);
  }

  /**
   * Makes everything that the applications need, opening nothing. Blocks: reads credential files.
   *
   * @return the parts of each application that can run, and all that is wrong with the others
   */
  public PreparedApplications prepare(List<AppConfig> applications) {
    List<ApplicationParts> parts = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (AppConfig config : applications) {
      try {
        parts.add(prepare(config, problems));
      } catch (ConfigException e) {
        problems.addAll(e.problems());
      } catch (RuntimeException | Error e) {
        // A stranger's type or service may do anything; it must not stop the others.
        problems.add(
            config.error(
                "",
                "its application type or push service fails while it is made: " + Reason.of(e)));
      }
    }
    return new PreparedApplications(parts, problems);
  }

  private ApplicationParts prepare(AppConfig config, List<Problem> warnings)
      throws ConfigException {
    ApplicationType unconfigured = types.get(config.type());
    if (unconfigured == null) {
      throw unknown(config, "app_type", config.type(), types);
    }
    PushServiceProvider provider = services.get(config.key().platform());
    if (provider == null) {
      throw unknown(config, "app_platform", config.key().platform(), services);
    }
    ApplicationType type = unconfigured.configure(config, warnings::add);
    Optional<PayloadMaker> payloads = type.payloadMaker(config.key().platform());
    if (payloads.isEmpty()) {
      throw new ConfigException(
          config.error(
              "app_type", type.name() + " has no notifications for " + config.key().platform()));
    }
    PushService service = provider.create(config, warnings::add);
    ApplicationListener applicationListener = reporters.make(config, warnings::add);
    return new ApplicationParts(
        new Application(
            config.key(),
            config.section(),
            type,
            config.delivery(),
            applicationListener.wantsRequests()),
        payloads.get(),
        service,
        applicationListener);
  }

  private ConfigException unknown(
      AppConfig config, String key, String value, Map<String, ?> known) {
    StringBuilder message =
        new StringBuilder("'" + value + "' is not known; known are: ")
            .append(String.join(", ", known.keySet()));
    unloaded.forEach(problem -> message.append("; ").append(problem));
    return new ConfigException(config.error(key, message.toString()));
  }
}
