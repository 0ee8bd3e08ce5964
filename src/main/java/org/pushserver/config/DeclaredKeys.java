// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.pushserver.plugin.Plugins;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.Setting;

/**
 * The keys that one section of applications.ini may have: those of every application, and what its
 * type and the push services declare. Immutable; any thread.
 */
final class DeclaredKeys {
  /** The keys of every application. */
  private static final List<Setting> COMMON =
      Stream.concat(
              KeyNames.DELIVERY.stream().map(Setting::text),
              Stream.of(
                  Setting.text("app_id"),
                  Setting.text("app_type"),
                  Setting.text("app_platform"),
                  Setting.text(AppConfig.ALIASES),
                  Setting.text(AppConfig.PAYLOAD_ID),
                  Setting.text("voip"),
                  Setting.text("proxy_url"),
                  Setting.text("log_remote_urls"),
                  Setting.text("log_remote_timeout"),
                  Setting.text("log_remote_key"),
                  Setting.text("log_remote_secret"),
                  Setting.file("log_remote_ca_file"),
                  Setting.text("dead_token_url"),
                  Setting.text("results_url"),
                  Setting.text("results_secret"),
                  Setting.text("log_time_out"),
                  Setting.text("log_key")))
          .toList();

  private final Plugins plugins;
  private final ApplicationType type;
  private final PushServiceProvider service;

  /** Those of every application, and what its own type and push service declare. */
  private final List<Setting> own = new ArrayList<>(COMMON);

  /** These, and what other push services declare: a section that was moved may still have it. */
  private final List<Setting> known;

  /**
   * @param typeName its {@code app_type}
   * @param platform the canonical name of its push service
   */
  DeclaredKeys(Plugins plugins, String typeName, String platform) {
    this.plugins = plugins;
    type = plugins.type(typeName).orElse(null);
    service = plugins.provider(platform).orElse(null);
    if (service != null) {
      service.settings().ifPresent(own::addAll);
    }
    if (type != null && service != null) {
      type.settings(service).ifPresent(own::addAll);
    }
    known = new ArrayList<>(own);
    plugins.providers().forEach(one -> one.settings().ifPresent(known::addAll));
  }

  /** Whether it is known of every key what it means, and any other is a slip. */
  boolean areAll() {
    return type != null
        && service != null
        && service.settings().isPresent()
        && type.settings(service).isPresent();
  }

  /** Whether a key is one of those that every application may have. */
  static boolean isCommon(String key) {
    return of(COMMON, key).isPresent();
  }

  /** Whether anybody declares a key, be it a type that the section does not have. */
  boolean contains(String key) {
    return of(known, key).isPresent() || ofOtherTypes(key).isPresent();
  }

  /** The names, and those keys of the section that are meant for one event. */
  Set<String> names(Collection<String> keys) {
    Set<String> names = new TreeSet<>();
    known.forEach(setting -> names.add(setting.name()));
    keys.stream().filter(key -> of(known, key).isPresent()).forEach(names::add);
    return names;
  }

  /**
   * The push services with which an application of this type might have a key that with its own it
   * has not; empty when there are none.
   */
  List<String> othersWith(String key) {
    if (type == null || service == null || of(known, key).isPresent()) {
      return List.of();
    }
    return plugins.providers().stream()
        .filter(other -> of(type.settings(other).orElse(List.of()), key).isPresent())
        .map(PushServiceProvider::platform)
        .toList();
  }

  /** What is declared of a key; empty when nobody may say whether its value names a file. */
  Optional<Setting> find(String key) {
    return of(own, key)
        .or(
            () ->
                of(known, key)
                    .or(() -> ofOtherTypes(key))
                    .filter(setting -> setting.file() != Setting.File.NONE));
  }

  /** What a key means to others it may mean to a type that does not say. */
  private Optional<Setting> ofOtherTypes(String key) {
    return plugins.types().stream()
        .flatMap(one -> plugins.providers().stream().map(one::settings))
        .map(settings -> of(settings.orElse(List.of()), key).orElse(null))
        .filter(Objects::nonNull)
        .findFirst();
  }

  private static Optional<Setting> of(Collection<Setting> settings, String key) {
    for (Setting setting : settings) {
      if (setting.isMeantBy(key)) {
        return Optional.of(setting);
      }
    }
    return Optional.empty();
  }
}
