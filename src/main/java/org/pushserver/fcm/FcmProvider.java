// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.pushserver.pns.Endpoint;
import org.pushserver.pns.RouteSettings;
import org.pushserver.push.AppKey;
import org.pushserver.route.RouteOptions.Protocol;
import org.pushserver.route.RouteOptions.WhenIdle;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.PushService;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.Setting;
import org.pushserver.spi.TemplateRules;

/**
 * Firebase Cloud Messaging over HTTP v1, or over the legacy API of compatible gateways. All its
 * applications with the same service account and the same way to its token server share one OAuth
 * token.
 */
public final class FcmProvider implements PushServiceProvider {
  /**
   * A token lives as long as a service that uses it: a token holds its own key of this map, and the
   * map holds neither. So no account stays in memory that the configuration has forgotten.
   */
  private final Map<TokenAccess, WeakReference<OauthToken>> tokens = new WeakHashMap<>();

  @Override
  public String platform() {
    return AppKey.FIREBASE;
  }

  @Override
  public Set<String> aliases() {
    return Set.of("android", "fcm", "google");
  }

  @Override
  public Optional<List<Setting>> settings() {
    return Optional.of(FcmSettings.SETTINGS);
  }

  @Override
  public TemplateRules templates() {
    return new FirebaseTemplates();
  }

  @Override
  public PushService create(AppConfig config, Consumer<Problem> warnings) throws ConfigException {
    FcmSettings settings = FcmSettings.read(config, warnings);
    Endpoint endpoint = settings.endpoint();
    return new FcmService(
        config.section(),
        endpoint,
        settings.way().to(endpoint, Protocol.HTTP2_OR_HTTP1, null, WhenIdle.LET_GO),
        settings.isLegacy() ? new ServerKey(settings.serverKey()) : bearer(settings, config),
        settings.isLegacy());
  }

  private BearerToken bearer(FcmSettings settings, AppConfig config) {
    RouteSettings way = settings.way();
    return new BearerToken(
        config.section(),
        token(new TokenAccess(settings.account().credential(), way.ca(), way.proxy())),
        config.delivery().requestTimeout());
  }

  private OauthToken token(TokenAccess access) {
    synchronized (tokens) {
      WeakReference<OauthToken> reference = tokens.get(access);
      OauthToken token = reference == null ? null : reference.get();
      if (token == null) {
        token = new OauthToken(access, () -> ThreadLocalRandom.current().nextLong());
        // Removed first: a key that is there already would stay, and die with nothing holding it.
        tokens.remove(access);
        tokens.put(access, new WeakReference<>(token));
      }
      return token;
    }
  }
}
