// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.PushService;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.Setting;

/** A kind of push service from a plugin; what it makes is kept from hurting others. */
final class CustomProvider implements PushServiceProvider {
  private final PushServiceProvider custom;
  private final String platform;
  private final Set<String> aliases;
  private final Optional<List<Setting>> settings;

  /**
   * @throws IllegalArgumentException when one of its names is not what it must be
   */
  CustomProvider(PushServiceProvider custom) {
    this.custom = custom;
    platform = CustomType.requireName(custom.platform());
    aliases =
        custom.aliases().stream()
            .map(CustomType::requireName)
            .collect(Collectors.toUnmodifiableSet());
    settings = custom.settings().map(List::copyOf);
  }

  @Override
  public String platform() {
    return platform;
  }

  @Override
  public Set<String> aliases() {
    return aliases;
  }

  @Override
  public Optional<List<Setting>> settings() {
    return settings;
  }

  @Override
  public PushService create(AppConfig config, Consumer<Problem> warnings) throws ConfigException {
    return new CustomService(
        Objects.requireNonNull(custom.create(config, warnings), "no push service"));
  }
}
