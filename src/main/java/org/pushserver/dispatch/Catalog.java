// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Function;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.Problem;
import org.pushserver.spi.PushService;
import org.pushserver.spi.PushServiceProvider;

/**
 * The application types and push services there are, and workers made from them. Built-ins are
 * found as strangers' are. Immutable; any thread.
 */
public final class Catalog {
  private final Map<String, ApplicationType> types;
  private final Map<String, PushServiceProvider> services;

  Catalog(Iterable<ApplicationType> types, Iterable<PushServiceProvider> services) {
    this.types = byName(types, ApplicationType::name);
    this.services = byName(services, PushServiceProvider::platform);
  }

  /** Finds all that {@link ServiceLoader} finds on the class path. Blocks: reads jars. */
  public static Catalog load() {
    return new Catalog(
        ServiceLoader.load(ApplicationType.class), ServiceLoader.load(PushServiceProvider.class));
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
   * @return a worker for each application that can run, and all that is wrong with the others
   */
  public Crew prepare(List<AppConfig> applications) {
    List<Worker> workers = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    for (AppConfig config : applications) {
      try {
        workers.add(prepare(config, problems));
      } catch (ConfigException e) {
        problems.addAll(e.problems());
      }
    }
    return new Crew(workers, problems);
  }

  private Worker prepare(AppConfig config, List<Problem> warnings) throws ConfigException {
    ApplicationType type = types.get(config.type());
    if (type == null) {
      throw unknown(config, "app_type", config.type(), types);
    }
    PushServiceProvider provider = services.get(config.key().platform());
    if (provider == null) {
      throw unknown(config, "app_platform", config.key().platform(), services);
    }
    Optional<PayloadMaker> payloads = type.payloadMaker(config.key().platform());
    if (payloads.isEmpty()) {
      throw new ConfigException(
          config.error(
              "app_type", type.name() + " has no notifications for " + config.key().platform()));
    }
    PushService service = provider.create(config, warnings::add);
    return new Worker(
        new Application(config.key(), config.section(), type, config.delivery()),
        payloads.get(),
        service);
  }

  private static ConfigException unknown(
      AppConfig config, String key, String value, Map<String, ?> known) {
    return new ConfigException(
        config.error(
            key, "'" + value + "' is not known; known are: " + String.join(", ", known.keySet())));
  }
}
