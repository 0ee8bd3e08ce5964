// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.PushService;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.Setting;
import org.pushserver.spi.TemplateRules;
import org.pushserver.spi.TokenForm;

/** Apple Push Notification service: {@code app_platform = apple}. */
public final class ApnsProvider implements PushServiceProvider {
  /** What SIP phones call Apple's sandbox. */
  static final String SANDBOX = "apns.dev";

  private static final TokenForm TOKENS = new AppleTokens();

  private final ProviderTokens tokens = new ProviderTokens();
  private final Clock clock;

  public ApnsProvider() {
    this(Clock.systemUTC());
  }

  ApnsProvider(Clock clock) {
    this.clock = clock;
  }

  @Override
  public String platform() {
    return AppKey.APPLE;
  }

  @Override
  public Set<String> aliases() {
    return Set.of("ios", "apns", SANDBOX);
  }

  @Override
  public Optional<List<Setting>> settings() {
    return Optional.of(ApnsSettings.SETTINGS);
  }

  @Override
  public TokenForm tokens() {
    return TOKENS;
  }

  @Override
  public TemplateRules templates() {
    return new AppleTemplates();
  }

  @Override
  public PushService create(AppConfig config, Consumer<Problem> warnings) throws ConfigException {
    return new ApnsSettings(config, tokens, clock.instant(), warnings).read();
  }
}
