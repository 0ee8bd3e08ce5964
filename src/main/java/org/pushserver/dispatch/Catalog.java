// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
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
import org.pushserver.spi.Setting;

/**
 * The application types and push services there are, and the parts made from them. It knows none by
 * name, and does not tell built-in ones from strangers'. Immutable; any thread.
 */
public final class Catalog {
  private final Map<String, ApplicationType> types;
  private final Map<String, PushServiceProvider> services;

  /** Every name of the push services, and the canonical one. */
  private final Map<String, String> platforms;

  /** What is not in it although somebody wanted it to be. */
  private final List<Problem> unloaded;

  private final ApplicationListener.Maker listeners;
  private final ServiceExtension extension;

  Catalog(Iterable<ApplicationType> types, Iterable<PushServiceProvider> services) {
    this(
        types,
        services,
        platforms(services),
        List.of(),
        (config, warnings) -> ApplicationListener.NONE,
        ServiceExtension.NONE);
  }

  private Catalog(
      Iterable<ApplicationType> types,
      Iterable<PushServiceProvider> services,
      Map<String, String> platforms,
      List<Problem> unloaded,
      ApplicationListener.Maker listeners,
      ServiceExtension extension) {
    this.types = byName(types, ApplicationType::name);
    this.services = byName(services, PushServiceProvider::platform);
    this.platforms = platforms;
    this.unloaded = unloaded;
    this.listeners = listeners;
    this.extension = extension;
  }

  /**
   * The catalog of all that was found.
   *
   * @param listeners makes those who are told of an application's pushes
   */
  public static Catalog of(Plugins plugins, ApplicationListener.Maker listeners) {
    return of(plugins, listeners, ServiceExtension.NONE);
  }

  /**
   * The catalog of all that was found, for applications that may send in further ways.
   *
   * @param listeners makes those who are told of an application's pushes
   * @param extension gives their push services the further ways
   */
  public static Catalog of(
      Plugins plugins, ApplicationListener.Maker listeners, ServiceExtension extension) {
    return new Catalog(
        plugins.types(),
        plugins.providers(),
        plugins.platforms(),
        plugins.problems(),
        listeners,
        extension);
  }

  private static Map<String, String> platforms(Iterable<PushServiceProvider> services) {
    Map<String, String> platforms = new HashMap<>();
    for (PushServiceProvider service : services) {
      platforms.put(service.platform(), service.platform());
      service.aliases().forEach(name -> platforms.put(name, service.platform()));
    }
    return platforms;
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

  /** Every name of the push services, and the canonical one. */
  Map<String, String> platforms() {
    return platforms;
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
    List<Problem> missing = missing(config, unconfigured, provider);
    try {
      ApplicationParts parts = make(config, unconfigured, provider, warnings);
      if (missing.isEmpty()) {
        return parts;
      }
    } catch (ConfigException e) {
      throw missing.isEmpty() ? e : both(missing, e.problems());
    } catch (RuntimeException | Error e) {
      // What relies on a key that must be there fails without it.
      if (missing.isEmpty()) {
        throw e;
      }
    }
    throw new ConfigException(missing);
  }

  /** Those keys that may not be left out, and were. */
  private static List<Problem> missing(
      AppConfig config, ApplicationType type, PushServiceProvider provider) {
    List<Problem> missing = new ArrayList<>();
    Stream.of(type.settings(provider), provider.settings())
        .flatMap(Optional::stream)
        .flatMap(List::stream)
        .filter(setting -> !isThere(config, setting))
        .forEach(
            setting ->
                setting
                    .missing()
                    .ifPresent(words -> missing.add(config.error(setting.name(), words))));
    return missing;
  }

  private static boolean isThere(AppConfig config, Setting setting) {
    return config.settings().keySet().stream()
        .anyMatch(key -> setting.isMeantBy(key) && config.setting(key).isPresent());
  }

  /** What else is wrong is told, too, but not twice of one key. */
  private static ConfigException both(List<Problem> missing, List<Problem> others) {
    List<Problem> all = new ArrayList<>(missing);
    others.stream()
        .filter(other -> missing.stream().noneMatch(one -> one.key().equals(other.key())))
        .forEach(all::add);
    return new ConfigException(all);
  }

  private ApplicationParts make(
      AppConfig config,
      ApplicationType unconfigured,
      PushServiceProvider provider,
      List<Problem> warnings)
      throws ConfigException {
    ApplicationType type = unconfigured.configure(config, provider, warnings::add);
    Optional<PayloadMaker> payloads =
        provider.payloads().stream().flatMap(name -> type.payloadMaker(name).stream()).findFirst();
    if (payloads.isEmpty()) {
      throw new ConfigException(
          config.error(
              "app_type", type.name() + " has no notifications for " + config.key().platform()));
    }
    PushService service = provider.create(config, warnings::add);
    ApplicationListener applicationListener = listeners.make(config, warnings::add);
    Application application =
        new Application(
            config.key(),
            config.section(),
            type,
            config.delivery(),
            provider.tokens(),
            applicationListener.wantsRequests(),
            new LinkedHashSet<>(config.aliases()));
    PayloadMaker maker = identified(payloads.get(), config, warnings);
    return new ApplicationParts(
        application, maker, extension.extend(application, maker, service), applicationListener);
  }

  private static PayloadMaker identified(
      PayloadMaker maker, AppConfig config, List<Problem> warnings) {
    if (!config.isYes(AppConfig.PAYLOAD_ID)) {
      return maker;
    }
    Optional<PayloadMaker> identified = maker.identified();
    if (identified.isEmpty()) {
      warnings.add(
          config.warning(
              AppConfig.PAYLOAD_ID,
              "is not used: notifications of the type "
                  + config.type()
                  + " have no place of their own for it; in a template, write {{push_id}} and"
                  + " {{expires_at}}"));
    }
    return identified.orElse(maker);
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
