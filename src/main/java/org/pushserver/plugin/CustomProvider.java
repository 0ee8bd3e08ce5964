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
import org.pushserver.spi.TemplateRules;
import org.pushserver.spi.TokenForm;

/** A kind of push service from a plugin; what it makes is kept from hurting others. */
final class CustomProvider implements PushServiceProvider {
  private final PushServiceProvider custom;
  private final String platform;
  private final Set<String> aliases;
  private final Optional<List<Setting>> settings;
  private final TokenForm tokens;
  private final List<String> payloads;
  private final TemplateRules templates;

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
    tokens = new CustomTokens(custom.tokens());
    payloads = List.copyOf(custom.payloads());
    templates = new CustomTemplates("the push service " + platform, custom.templates());
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
  public TokenForm tokens() {
    return tokens;
  }

  @Override
  public List<String> payloads() {
    return payloads;
  }

  @Override
  public TemplateRules templates() {
    return templates;
  }

  @Override
  public PushService create(AppConfig config, Consumer<Problem> warnings) throws ConfigException {
    return new CustomService(
        Objects.requireNonNull(custom.create(config, warnings), "no push service"));
  }
}
