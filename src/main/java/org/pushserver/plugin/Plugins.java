// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
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
  private static final String BUILT_IN = "a built-in one";

  private final List<Plugin> held;
  private final List<ApplicationType> types;
  private final List<PushServiceProvider> providers;
  private final List<String> builtInTypes;
  private final List<String> builtInPlatforms;

  /** The push services by their names and aliases. */
  private final Map<String, PushServiceProvider> named = new HashMap<>();

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
    builtInTypes = types.stream().map(ApplicationType::name).toList();
    builtInPlatforms = providers.stream().map(PushServiceProvider::platform).toList();
    Map<String, String> typeNames = new HashMap<>();
    types.forEach(type -> typeNames.put(type.name(), BUILT_IN));
    Map<String, String> platforms = new HashMap<>();
    for (PushServiceProvider provider : providers) {
      platforms.put(provider.platform(), BUILT_IN);
      provider.aliases().forEach(name -> platforms.put(name, BUILT_IN));
      name(provider, provider.aliases());
    }
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
          name(
              provider,
              provider.aliases().stream()
                  .filter(name -> !name.equals(provider.platform()))
                  .sorted()
                  .filter(name -> isFree(name, "further name", platforms, plugin.file()))
                  .toList());
        }
      }
    }
  }

  private void name(PushServiceProvider provider, Collection<String> aliases) {
    name(provider, provider.platform());
    aliases.forEach(name -> name(provider, name));
  }

  private void name(PushServiceProvider provider, String name) {
    PushServiceProvider other = named.putIfAbsent(name, provider);
    if (other != null && other != provider) {
      throw new IllegalStateException("found twice on the class path: " + name);
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

  /** The names of the built-in application types, in the order in which messages list them. */
  public List<String> builtInTypes() {
    return builtInTypes;
  }

  /** The names of the built-in push services, in the order in which messages list them. */
  public List<String> builtInPlatforms() {
    return builtInPlatforms;
  }

  /** The application type of this name, in lower case. */
  public Optional<ApplicationType> type(String name) {
    return types.stream().filter(type -> type.name().equals(name)).findFirst();
  }

  /** The push service that goes by this name or alias, in lower case. */
  public Optional<PushServiceProvider> provider(String name) {
    return Optional.ofNullable(named.get(name));
  }

  /** Every name and alias of the push services, and the name that it stands for. */
  public Map<String, String> platforms() {
    Map<String, String> platforms = new HashMap<>();
    named.forEach((name, provider) -> platforms.put(name, provider.platform()));
    return platforms;
  }

  /**
   * The one name of a push service.
   *
   * @param name in lower case, of any or none
   */
  public String platform(String name) {
    PushServiceProvider provider = named.get(name);
    return provider == null ? name : provider.platform();
  }

  /**
   * Whether an application is made of the same instances as with others, so that a reload that
   * leaves its section alone may leave the application alone, too.
   */
  public boolean servesAsBefore(AppConfig config, Plugins before) {
    String platform = config.key().platform();
    return type(config.type()).orElse(null) == before.type(config.type()).orElse(null)
        && named.get(platform) == before.named.get(platform);
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

  @Override
  public String toString() {
    return types.stream().map(ApplicationType::name).toList() + " " + new TreeSet<>(named.keySet());
  }
}
