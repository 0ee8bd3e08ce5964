// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import java.util.Objects;
import java.util.function.Consumer;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.PushService;
import org.pushserver.spi.PushServiceProvider;

/** A kind of push service from a plugin; what it makes is kept from hurting others. */
final class CustomProvider implements PushServiceProvider {
  private final PushServiceProvider custom;
  private final String platform;

  /**
   * @throws IllegalArgumentException when its name is not what it must be
   */
  CustomProvider(PushServiceProvider custom) {
    this.custom = custom;
    platform = CustomType.requireName(custom.platform());
  }

  @Override
  public String platform() {
    return platform;
  }

  @Override
  public PushService create(AppConfig config, Consumer<Problem> warnings) throws ConfigException {
    return new CustomService(
        Objects.requireNonNull(custom.create(config, warnings), "no push service"));
  }
}
