// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.pushserver.contact.AppNames;
import org.pushserver.dispatch.DisabledSection;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.events.Application;
import org.pushserver.push.AppKey;

/**
 * The application that a request means, by whichever of its names. What it is configured as comes
 * first, and costs one look; only what is not found so is taken for another spelling. Confined to
 * one event loop.
 */
final class ApplicationFinder {
  /** A section is put right by somebody, not by itself. */
  private static final int DISABLED_RETRY_S = 30;

  private final Dispatcher dispatcher;

  ApplicationFinder(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  /**
   * The application of an app-id on a platform. Whoever may not use it does not learn whether it
   * exists.
   *
   * @param appId as received
   * @param platform as received
   * @throws RequestRefused 403, 404 or 503
   */
  Application find(String appId, String platform, Caller caller) {
    if (!AppNames.isSandbox(platform)) {
      AppKey key = new AppKey(appId, dispatcher.platform(platform));
      Optional<Application> configured = dispatcher.application(key);
      if (configured.isPresent()) {
        return allowed(configured.get(), appId, platform, caller);
      }
    }
    return search(appId, platform, caller);
  }

  /** The application that a request names, whoever may use it; empty when there is no such one. */
  Optional<AppKey> named(String appId, String platform) {
    if (appId == null || appId.isEmpty() || platform == null || platform.isEmpty()) {
      return Optional.empty();
    }
    return AppNames.isSandbox(platform)
        ? first(AppNames.ofSandbox(appId), canonical(platform))
        : first(AppNames.of(appId), canonical(platform));
  }

  private Application search(String appId, String platform, Caller caller) {
    AppKey asked = new AppKey(appId, canonical(platform));
    boolean sandbox = AppNames.isSandbox(platform);
    AppKey meant =
        first(sandbox ? AppNames.ofSandbox(appId) : AppNames.of(appId), asked.platform())
            .orElse(asked);
    Optional<Application> running = dispatcher.application(meant);
    if (running.isPresent()) {
      return allowed(running.get(), appId, platform, caller);
    }
    requireRight(meant, appId, platform, caller);
    throw notRunning(meant, asked, platform);
  }

  private Application allowed(
      Application application, String appId, String platform, Caller caller) {
    requireRight(application.key(), appId, platform, caller);
    return application;
  }

  private static void requireRight(AppKey key, String appId, String platform, Caller caller) {
    if (!caller.mayUse(key)) {
      throw new RequestRefused(
          403,
          "API key '%s' may not use application %s on platform %s"
              .formatted(caller.key(), Printable.quote(appId), Printable.quote(platform)));
    }
  }

  /** The main name of a platform, which may be written in any case. */
  private String canonical(String platform) {
    String known = dispatcher.platform(platform);
    return dispatcher.hasPlatform(known)
        ? known
        : dispatcher.platform(platform.toLowerCase(Locale.ROOT));
  }

  private Optional<AppKey> first(List<String> names, String platform) {
    return names.stream()
        .map(name -> configured(new AppKey(name, platform)))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /**
   * Whether an application is configured under exactly this name, be it its app-id or a further
   * one, and be its section disabled.
   *
   * @param name on a platform by its main name
   */
  boolean isConfigured(AppKey name) {
    return configured(name).isPresent();
  }

  /** By its app-id, whether it runs or not; or else by a further name. */
  private Optional<AppKey> configured(AppKey name) {
    if (dispatcher.application(name).isPresent()) {
      return Optional.of(name);
    }
    Optional<AppKey> disabled = dispatcher.disabled(name).flatMap(DisabledSection::key);
    return disabled.filter(name::equals).or(() -> dispatcher.alias(name)).or(() -> disabled);
  }

  private RequestRefused notRunning(AppKey meant, AppKey asked, String platform) {
    return dispatcher
        .disabled(meant)
        .map(section -> disabled(section, asked))
        .orElseGet(() -> notConfigured(asked, platform));
  }

  private static RequestRefused disabled(DisabledSection section, AppKey asked) {
    return RequestRefused.unavailable(
        "Application %s cannot be used on platform %s: %s: %s"
            .formatted(
                Printable.quote(asked.appId()),
                Printable.quote(asked.platform()),
                section.section().isEmpty()
                    ? "something is wrong with applications.ini"
                    : "its section [" + section.section() + "] is disabled",
                section.reason()),
        DISABLED_RETRY_S);
  }

  private RequestRefused notConfigured(AppKey asked, String platform) {
    return dispatcher.hasPlatform(asked.platform())
        ? RequestRefused.notFound(
            "Application %s is not configured for platform '%s'"
                .formatted(Printable.quote(asked.appId()), asked.platform()))
        : unknown(platform);
  }

  private static RequestRefused unknown(String platform) {
    return RequestRefused.notFound(
        "Platform %s is not configured".formatted(Printable.quote(platform)));
  }

  /**
   * The refusal of a wrong request for an application that was found. One that names its platform
   * in another case, which was an error once, is answered as it was then.
   *
   * @param platform as received
   */
  RequestRefused asItWas(RequestRefused refusal, String platform) {
    return dispatcher.hasPlatform(dispatcher.platform(platform)) ? refusal : unknown(platform);
  }
}
