// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.contact;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.pushserver.push.AppKey;
import org.pushserver.push.Kind;
import org.pushserver.push.TokenPair;

/** The ways in which apps write down how they are reached by a push. Pure. */
enum Dialect {
  /** RFC 8599, with what Flexisip and Linphone added. */
  STANDARD("pn-provider", "pn-prid") {
    @Override
    SipContact read(ContactParameters in, String provider, String token) {
      String platform = platform(provider);
      boolean sandbox = AppNames.isSandbox(provider);
      String param = in.get("pn-param");
      String app = in.get("app-id");
      if (!platform.equals(AppKey.APPLE)) {
        String first = app.isEmpty() ? param : app;
        List<String> names = names(Stream.of(app, param), AppNames::of);
        return contact(in, provider, platform, false, first, names, new TokenPair(null, token));
      }
      List<String> names =
          names(Stream.of(param, app), sandbox ? AppNames::ofSandbox : AppNames::ofProduction);
      TokenPair pair = pair("pn-prid", token);
      // A lone token is for the service that is named; where none or both are, it is no VoIP one.
      TokenPair tokens = pair.isLone() ? lone(token, AppNames.isVoip(param)) : pair;
      String named = param.isEmpty() ? app : param;
      return contact(in, provider, platform, sandbox, barest(named), names, tokens);
    }
  },

  /** Before the RFC: Linphone of old, and Sylk. */
  LEGACY("pn-type", "pn-tok") {
    @Override
    SipContact read(ContactParameters in, String provider, String token) {
      String platform = platform(provider);
      String app = in.get("app-id");
      if (!platform.equals(AppKey.APPLE)) {
        List<String> names = names(Stream.of(app), AppNames::of);
        return contact(in, provider, platform, false, app, names, new TokenPair(null, token));
      }
      boolean sandbox = AppNames.isSandbox(app);
      TokenPair pair = pair("pn-tok", token);
      // Sylk says ios, and may have one token for all; Linphone says apple, and of which kind it
      // is.
      boolean each = provider.equalsIgnoreCase(SYLK_IOS);
      TokenPair tokens = pair.isLone() && !each ? lone(token, AppNames.isVoip(app)) : pair;
      List<String> names =
          names(Stream.of(app), sandbox ? AppNames::ofSandbox : AppNames::ofProduction);
      return contact(in, provider, platform, sandbox, barest(app), names, tokens);
    }
  },

  /** The header {@code x-p-push} of PortSIP's apps. */
  PORTSIP("device-os", "device-uid") {
    @Override
    SipContact read(ContactParameters in, String provider, String token) {
      String platform = platform(provider);
      String app = in.get("app-id");
      List<String> names = names(Stream.of(app), AppNames::of);
      TokenPair pair =
          platform.equals(AppKey.APPLE) ? pair("device-uid", token) : new TokenPair(null, token);
      // Its apps had but the one for VoIP before they wrote VOIP|REMOTE.
      TokenPair tokens = pair.isLone() ? lone(token, true) : pair;
      return contact(in, provider, platform, false, app, names, tokens);
    }
  };

  private static final String SYLK_IOS = "ios";
  private static final String NO = "false";

  /** What push services are called in SIP, and what they are called here. */
  private static final Map<String, String> PLATFORMS =
      Map.of(
          "apns",
          AppKey.APPLE,
          "apple",
          AppKey.APPLE,
          SYLK_IOS,
          AppKey.APPLE,
          "fcm",
          AppKey.FIREBASE,
          "firebase",
          AppKey.FIREBASE,
          "google",
          AppKey.FIREBASE,
          "android",
          AppKey.FIREBASE);

  private static final Map<String, Boolean> SILENT = Map.of("1", true, "0", false);

  private static final String URN = "urn:uuid:";

  private final String service;
  private final String token;

  /**
   * @param service the parameter that names the push service
   * @param token the parameter that has the token
   */
  Dialect(String service, String token) {
    this.service = service;
    this.token = token;
  }

  abstract SipContact read(ContactParameters in, String provider, String token);

  /**
   * The device of one contact, by the first dialect of which it has both parameters.
   *
   * @return empty when it has none, as when a phone only asks what is supported; or wants no push
   * @throws NoContactException when one of its values cannot be read
   */
  static Optional<SipContact> read(ContactParameters in) {
    for (Dialect dialect : values()) {
      String provider = in.get(dialect.service);
      String token = in.get(dialect.token);
      if (!provider.isEmpty() && !token.isEmpty()) {
        return Optional.of(dialect.read(in, provider, token))
            .filter(device -> !device.wanted().isEmpty());
      }
    }
    return Optional.empty();
  }

  /** The name of a push service, by whichever name SIP has for it. */
  static String platform(String provider) {
    String lower = provider.toLowerCase(Locale.ROOT);
    String known = PLATFORMS.get(AppNames.withoutEnvironment(lower));
    return known == null ? lower : known;
  }

  private static TokenPair pair(String name, String text) {
    return TokenPair.parse(text)
        .orElseThrow(
            () ->
                new NoContactException(
                    "the value of " + name + " is neither a token nor TOKEN:voip&TOKEN:remote"));
  }

  private static TokenPair lone(String token, boolean voip) {
    return voip ? new TokenPair(token, null) : new TokenPair(null, token);
  }

  private static List<String> names(Stream<String> written, Function<String, List<String>> all) {
    return written
        .filter(name -> !name.isEmpty())
        .flatMap(name -> all.apply(name).stream())
        .distinct()
        .toList();
  }

  private static String barest(String name) {
    if (name.isEmpty()) {
      return name;
    }
    List<String> all = AppNames.of(name);
    return all.get(all.size() - 1);
  }

  private static SipContact contact(
      ContactParameters in,
      String provider,
      String platform,
      boolean sandbox,
      String appId,
      List<String> appIds,
      TokenPair tokens) {
    return new SipContact(
        provider,
        platform,
        sandbox,
        appId,
        appIds,
        tokens,
        deviceId(in),
        SILENT.get(in.get("pn-silent")),
        nullIfEmpty(in.get("pn-purr")),
        wanted(in));
  }

  private static String deviceId(ContactParameters in) {
    String instance = in.get("+sip.instance");
    String id = instance.isEmpty() ? in.get("pn-device") : instance;
    int start = id.startsWith("<") ? 1 : 0;
    int end = id.endsWith(">") ? id.length() - 1 : id.length();
    if (id.regionMatches(true, start, URN, 0, URN.length())) {
      start += URN.length();
    }
    return start < end ? id.substring(start, end) : null;
  }

  private static Set<Kind> wanted(ContactParameters in) {
    Set<Kind> wanted = EnumSet.allOf(Kind.class);
    if (in.get("allow-call-push").equalsIgnoreCase(NO)) {
      wanted.removeIf(Kind::isCall);
    }
    if (in.get("allow-message-push").equalsIgnoreCase(NO)) {
      wanted.removeIf(kind -> !kind.isCall());
    }
    return wanted;
  }

  private static String nullIfEmpty(String text) {
    return text.isEmpty() ? null : text;
  }
}
