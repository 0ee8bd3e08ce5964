// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Problem.Severity;
import org.pushserver.spi.PushServiceProvider;

/**
 * All application types and push services there are at one time, no two with the same name. What
 * comes from a plugin can be used until {@link #release}. Any thread.
 */
public final class Plugins {
  /** Names that requests and sections use for the built-in services. */
  private static final List<String> RESERVED = List.of("ios", "apns", "android", "fcm");

  private static final String BUILT_IN = "a built-in one";

  private final List<Plugin> held;
  private final List<ApplicationType> types;
  private final List<PushServiceProvider> providers;
  private final List<Problem> problems;
  private final AtomicBoolean released = new AtomicBoolean();

  /**
   * @param types the built-in ones
   * @param providers the built-in ones
   * @param held already held once for this
   * @param problems what is wrong with the folders
   */
  Plugins(
      List<ApplicationType> types,
      List<PushServiceProvider> providers,
      List<Plugin> held,
      List<Problem> problems) {
    this.held = List.copyOf(held);
    this.types = new ArrayList<>(types);
    this.providers = new ArrayList<>(providers);
    this.problems = new ArrayList<>(problems);
    Map<String, String> typeNames = new HashMap<>();
    types.forEach(type -> typeNames.put(type.name(), BUILT_IN));
    Map<String, String> platforms = new HashMap<>();
    providers.forEach(provider -> platforms.put(provider.platform(), BUILT_IN));
    RESERVED.forEach(name -> platforms.put(name, BUILT_IN));
    for (Plugin plugin : held) {
      plugin.problem().ifPresent(this.problems::add);
      for (ApplicationType type : plugin.types()) {
        if (isFree(type.name(), "application type", typeNames, plugin.file())) {
          this.types.add(type);
        }
      }
      for (PushServiceProvider provider : plugin.providers()) {
        if (isFree(provider.platform(), "push service", platforms, plugin.file())) {
          this.providers.add(provider);
        }
      }
    }
  }

  private boolean isFree(String name, String what, Map<String, String> taken, Path file) {
    String owner = taken.putIfAbsent(name, file.toString());
    if (owner != null) {
      problems.add(
          new Problem(
              Severity.WARNING,
              file.toString(),
              "",
              "",
              "its %s '%s' is not used: %s has that name; give it another one"
                  .formatted(what, name, owner)));
    }
    return owner == null;
  }

  /** All application types, the built-in ones first. */
  public List<ApplicationType> types() {
    return List.copyOf(types);
  }

  /** All push services, the built-in ones first. */
  public List<PushServiceProvider> providers() {
    return List.copyOf(providers);
  }

  /**
   * Whether an application is made of the same instances as with others, so that a reload that
   * leaves its section alone may leave the application alone, too.
   */
  public boolean servesAsBefore(AppConfig config, Plugins before) {
    return type(config) == before.type(config) && provider(config) == before.provider(config);
  }

  private ApplicationType type(AppConfig config) {
    return types.stream().filter(type -> type.name().equals(config.type())).findAny().orElse(null);
  }

  private PushServiceProvider provider(AppConfig config) {
    return providers.stream()
        .filter(provider -> provider.platform().equals(config.key().platform()))
        .findAny()
        .orElse(null);
  }

  /** Warnings, each of a file that is not used, or not all of it. */
  public List<Problem> problems() {
    return List.copyOf(problems);
  }

  /**
   * Says that nothing uses these any more. A plugin that no other {@code Plugins} has is closed:
   * what of its classes is loaded goes on to work, but no more are loaded. A second call does
   * nothing.
   */
  public void release() {
    if (released.compareAndSet(false, true)) {
      held.forEach(Plugin::release);
    }
  }
}
