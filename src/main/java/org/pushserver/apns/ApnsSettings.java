// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import com.nimbusds.jose.jwk.Curve;
import io.vertx.core.net.KeyCertOptions;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.pushserver.pem.CertifiedKey;
import org.pushserver.pem.Pem;
import org.pushserver.pem.Pem.PemException;
import org.pushserver.pem.PrivateKeys;
import org.pushserver.pns.Authorization;
import org.pushserver.pns.Endpoint;
import org.pushserver.pns.RouteSettings;
import org.pushserver.route.RouteOptions.Protocol;
import org.pushserver.route.RouteOptions.WhenIdle;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Setting;

/**
 * Reads one application's section and the files that it names, and finds all that is wrong with
 * them at once. Worker thread; used once.
 */
final class ApnsSettings {
  private static final String CERTIFICATE = "apple_certificate";
  private static final String KEY = "apple_key";
  private static final String KEY_ID = "key_id";
  private static final String TEAM_ID = "team_id";
  private static final String PUSH_URL = "apple_push_url";
  private static final String PLATFORM = "app_platform";
  private static final String CA_FILE = "apple_ca_file";

  static final List<Setting> SETTINGS =
      List.of(
          Setting.file(CERTIFICATE),
          Setting.file(KEY),
          Setting.text(KEY_ID),
          Setting.text(TEAM_ID),
          Setting.text(PUSH_URL),
          Setting.file(CA_FILE));

  private static final int ID_LENGTH = 10;
  private static final Pattern KEY_FILE = Pattern.compile("AuthKey_([A-Za-z0-9]{10})\\.p8");

  private final AppConfig config;
  private final ProviderTokens tokens;
  private final Instant now;
  private final Consumer<Problem> warnings;
  private final List<Problem> errors = new ArrayList<>();
  private Instant certificateEnd;

  ApnsSettings(AppConfig config, ProviderTokens tokens, Instant now, Consumer<Problem> warnings) {
    this.config = config;
    this.tokens = tokens;
    this.now = now;
    this.warnings = warnings;
  }

  /**
   * The way to APNs, as it is configured.
   *
   * @throws ConfigException with everything that is wrong
   */
  ApnsService read() throws ConfigException {
    Endpoint host = host();
    RouteSettings way = RouteSettings.read(config, CA_FILE, errors::add);
    checkBundleId();
    checkPlatform();
    ProviderToken token = null;
    KeyCertOptions certificate = null;
    List<Pem> keys = keys();
    PrivateKey key = key(keys);
    if (key == null) {
      checkTheOther();
    } else if (meansToken(key)) {
      token = token(key);
    } else {
      certificate = certificate(keys);
    }
    if (!errors.isEmpty()) {
      throw new ConfigException(errors);
    }
    Authorization authorization =
        token == null
            ? new ClientCertificate(config.section(), certificateEnd)
            : new ProviderAuthorization(config.section(), token);
    return new ApnsService(
        config.section(),
        host,
        way.to(host, Protocol.HTTP2, certificate, WhenIdle.PING),
        authorization);
  }

  private void error(String key, String message) {
    errors.add(config.error(key, message));
  }

  private void warn(String key, String message) {
    warnings.accept(config.warning(key, message));
  }

  private Endpoint host() {
    try {
      return config.setting(PUSH_URL).map(PushAddress::parse).orElse(PushAddress.PRODUCTION);
    } catch (IllegalArgumentException e) {
      error(PUSH_URL, e.getMessage());
      return PushAddress.PRODUCTION;
    }
  }

  /** In SIP it is a name of the sandbox, in a section of Apple as a whole. */
  private void checkPlatform() {
    String name = config.setting(PLATFORM).orElse("").strip().toLowerCase(Locale.ROOT);
    if (name.equals(ApnsProvider.SANDBOX) && config.setting(PUSH_URL).isEmpty()) {
      warn(
          PLATFORM,
          "'"
              + name
              + "' is another name of "
              + config.key().platform()
              + " and does not choose the sandbox; for that, set "
              + PUSH_URL
              + " = "
              + PushAddress.SANDBOX.host());
    }
  }

  /** Apple takes no other; a letter that only looks like one of these is hard to see. */
  private void checkBundleId() {
    String appId = config.key().appId();
    appId
        .codePoints()
        .filter(c -> c > 0x7e || c < 0x21)
        .findFirst()
        .ifPresent(
            c ->
                error(
                    "app_id",
                    String.format(
                        Locale.ROOT,
                        "it has the character '%s' (U+%04X); Apple's bundle IDs have only the letters"
                            + " A to Z, digits, dots and hyphens. Type it anew",
                        Character.toString(c),
                        c)));
  }

  /** Where the key should be: in {@code apple_key}, else in {@code apple_certificate}. */
  private String keySource() {
    return config.path(KEY).isPresent() ? KEY : CERTIFICATE;
  }

  /** What is in the key's file; empty when that was told to be wrong. */
  private List<Pem> keys() {
    String source = keySource();
    if (config.path(source).isEmpty()) {
      error(
          CERTIFICATE,
          "no credential: set apple_certificate (with apple_key unless the key is inside), or"
              + " apple_key (a .p8 file) with key_id and team_id");
      return List.of();
    }
    return blocks(source);
  }

  private List<Pem> blocks(String setting) {
    try {
      return Pem.read(config.path(setting).orElseThrow());
    } catch (PemException e) {
      error(setting, e.getMessage());
      return List.of();
    }
  }

  private PrivateKey key(List<Pem> blocks) {
    if (blocks.isEmpty()) {
      return null;
    }
    Path file = config.path(keySource()).orElseThrow();
    try {
      return PrivateKeys.readAll(blocks).get(0);
    } catch (PemException e) {
      error(blocks.stream().anyMatch(Pem::isKey) ? keySource() : KEY, file + ": " + e.getMessage());
      return null;
    }
  }

  /** With a key that cannot be used, whether the rest is right can be told all the same. */
  private void checkTheOther() {
    if (keySource().equals(KEY) && config.path(CERTIFICATE).isPresent()) {
      try {
        List<X509Certificate> unused = Pem.readCertificates(config.path(CERTIFICATE).get());
      } catch (PemException e) {
        error(CERTIFICATE, e.getMessage());
      }
    } else if (isP8()) {
      checkIds(id(KEY_ID), id(TEAM_ID));
    }
  }

  private boolean isP8() {
    return config.setting(KEY).orElse("").strip().toLowerCase(Locale.ROOT).endsWith(".p8");
  }

  private boolean meansToken(PrivateKey key) {
    if (config.setting(KEY).isEmpty()) {
      return false;
    }
    boolean identified = config.setting(KEY_ID).isPresent() && config.setting(TEAM_ID).isPresent();
    return isP8() || (identified && key instanceof ECPrivateKey);
  }

  private ProviderToken token(PrivateKey key) {
    String keyId = id(KEY_ID);
    String teamId = id(TEAM_ID);
    checkIds(keyId, teamId);
    if (!(key instanceof ECPrivateKey ec)
        || !Curve.P_256.equals(Curve.forECParameterSpec(ec.getParams()))) {
      error(KEY, "the key is " + kind(key) + "; Apple's keys for push are on the curve P-256");
      return null;
    }
    if (keyId == null || teamId == null) {
      return null;
    }
    return tokens.token(teamId, keyId, ec);
  }

  private static String kind(PrivateKey key) {
    if (key instanceof RSAKey rsa) {
      return "an RSA key of " + rsa.getModulus().bitLength() + " bits, as certificates have";
    }
    if (key instanceof ECPrivateKey ec) {
      return "on another curve, of "
          + ec.getParams().getCurve().getField().getFieldSize()
          + " bits";
    }
    return "of another kind";
  }

  /** The name that Apple gives to a key's file says whose it is. */
  private void checkIds(String keyId, String teamId) {
    String name = config.path(KEY).map(Path::getFileName).map(Path::toString).orElse("");
    Matcher named = KEY_FILE.matcher(name);
    if (named.matches() && keyId != null && !named.group(1).equalsIgnoreCase(keyId)) {
      warn(
          KEY_ID,
          named.group(1).equalsIgnoreCase(teamId)
              ? "it and team_id look swapped: the file " + name + " is named after its key_id"
              : "it is '"
                  + keyId
                  + "', but the file "
                  + name
                  + " is named after the key_id "
                  + named.group(1));
    }
    if (name.startsWith("SubscriptionKey_")) {
      warn(KEY, "the file's name is that of a key for in-app purchases, not for push");
    }
  }

  private String id(String setting) {
    Optional<String> value = config.setting(setting).map(String::strip);
    if (value.isEmpty()) {
      error(setting, "missing: an apple_key for provider tokens needs key_id and team_id");
      return null;
    }
    if (value.get().length() != ID_LENGTH) {
      warn(setting, "'" + value.get() + "' does not have the 10 characters of Apple's IDs");
    }
    return value.get();
  }

  private KeyCertOptions certificate(List<Pem> keys) {
    Optional<Path> file = config.path(CERTIFICATE);
    if (file.isEmpty()) {
      error(
          CERTIFICATE,
          "missing: apple_key alone is enough only for a .p8 file with key_id and team_id");
      return null;
    }
    List<Pem> certificates = keySource().equals(CERTIFICATE) ? keys : blocks(CERTIFICATE);
    if (certificates.isEmpty()) {
      return null;
    }
    try {
      CertifiedKey certificate =
          CertifiedKey.of(
              certificates, keys, remark -> warn(CERTIFICATE, file.get() + ": " + remark));
      check(certificate.leaf());
      return certificate.keyCert();
    } catch (PemException e) {
      error(CERTIFICATE, file.get() + ": " + e.getMessage());
      return null;
    }
  }

  private void check(X509Certificate certificate) {
    Instant end = certificate.getNotAfter().toInstant();
    certificateEnd = end;
    if (end.isBefore(now)) {
      error(CERTIFICATE, "the certificate expired on " + end + "; renew it at Apple");
    } else if (end.isBefore(now.plus(ClientCertificate.SOON))) {
      long days = Duration.between(now, end).toDays();
      warn(CERTIFICATE, "the certificate expires in " + days + " days, on " + end);
    }
    if (certificate.getNotBefore().toInstant().isAfter(now)) {
      warn(CERTIFICATE, "the certificate is not valid yet; check this machine's clock");
    }
    Set<String> topics = CertificateTopics.of(certificate);
    String bundleId = config.key().appId().replaceFirst("\\.(dev|prod)$", "");
    if (!CertificateTopics.cover(topics, bundleId)) {
      warn(CERTIFICATE, "the certificate is for " + topics + ", not for " + bundleId);
    }
  }
}
