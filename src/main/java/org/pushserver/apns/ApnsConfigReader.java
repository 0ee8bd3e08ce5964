// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.pushserver.pem.CertifiedKey;
import org.pushserver.pem.Pem;
import org.pushserver.pem.Pem.PemException;
import org.pushserver.pem.PrivateKeys;
import org.pushserver.route.CaFile;
import org.pushserver.route.Proxy;
import org.pushserver.route.RouteOptions;
import org.pushserver.route.RouteOptions.Identity;
import org.pushserver.route.RouteOptions.Limits;
import org.pushserver.route.RouteOptions.Protocol;
import org.pushserver.route.RouteOptions.Target;
import org.pushserver.route.RouteOptions.WhenIdle;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;

/**
 * Reads one application's section and the files that it names, and finds all that is wrong with
 * them at once. Worker thread; used once.
 */
final class ApnsConfigReader {
  private static final String CERTIFICATE = "apple_certificate";
  private static final String KEY = "apple_key";
  private static final String KEY_ID = "key_id";
  private static final String TEAM_ID = "team_id";
  private static final String PUSH_URL = "apple_push_url";
  private static final String CA_FILE = "apple_ca_file";

  private static final int ID_LENGTH = 10;

  private final AppConfig config;
  private final TokenShelf tokens;
  private final Instant now;
  private final Consumer<Problem> warnings;
  private final List<Problem> errors = new ArrayList<>();
  private Instant certificateEnd;

  ApnsConfigReader(AppConfig config, TokenShelf tokens, Instant now, Consumer<Problem> warnings) {
    this.config = config;
    this.tokens = tokens;
    this.now = now;
    this.warnings = warnings;
  }

  ApnsConfig read() throws ConfigException {
    PushAddress address = address();
    PemTrustOptions ca = CaFile.read(config, CA_FILE, errors::add).orElse(null);
    Proxy proxy = Proxy.read(config, errors::add).orElse(null);
    ProviderToken token = null;
    KeyCertOptions certificate = null;
    PrivateKey key = key();
    if (key != null) {
      if (meansToken(key)) {
        token = token(key);
      } else {
        certificate = certificate(key);
      }
    }
    if (!errors.isEmpty()) {
      throw new ConfigException(errors);
    }
    RouteOptions route =
        new RouteOptions(
            config.section(),
            new Target(address.host(), address.port(), Protocol.HTTP2, proxy),
            new Identity(ca, certificate),
            WhenIdle.PING,
            new Limits(config.delivery().requestTimeout(), config.delivery().maxConnections()));
    return new ApnsConfig(config.section(), route, address.url(), token, certificateEnd);
  }

  private void error(String key, String message) {
    errors.add(config.error(key, message));
  }

  private void warn(String key, String message) {
    warnings.accept(config.warning(key, message));
  }

  private PushAddress address() {
    try {
      return config.setting(PUSH_URL).map(PushAddress::parse).orElse(PushAddress.PRODUCTION);
    } catch (IllegalArgumentException e) {
      error(PUSH_URL, e.getMessage());
      return PushAddress.PRODUCTION;
    }
  }

  /** The key of {@code apple_key}, else the one inside {@code apple_certificate}. */
  private PrivateKey key() {
    String source = config.path(KEY).isPresent() ? KEY : CERTIFICATE;
    Optional<Path> file = config.path(source);
    if (file.isEmpty()) {
      error(
          CERTIFICATE,
          "no credential: set apple_certificate (with apple_key unless the key is inside), or"
              + " apple_key (a .p8 file) with key_id and team_id");
      return null;
    }
    try {
      Optional<Pem> block = Pem.read(file.get()).stream().filter(Pem::isKey).findFirst();
      if (block.isEmpty()) {
        error(KEY, "there is no private key in " + file.get());
        return null;
      }
      return PrivateKeys.read(block.get());
    } catch (PemException e) {
      error(source, e.getMessage());
      return null;
    }
  }

  private boolean meansToken(PrivateKey key) {
    String name = config.setting(KEY).orElse("").strip().toLowerCase(Locale.ROOT);
    if (name.isEmpty()) {
      return false;
    }
    boolean identified = config.setting(KEY_ID).isPresent() && config.setting(TEAM_ID).isPresent();
    return name.endsWith(".p8") || (identified && key instanceof ECPrivateKey);
  }

  private ProviderToken token(PrivateKey key) {
    String keyId = id(KEY_ID);
    String teamId = id(TEAM_ID);
    if (!(key instanceof ECPrivateKey ec)
        || !Curve.P_256.equals(Curve.forECParameterSpec(ec.getParams()))) {
      error(KEY, "the key is not one on the curve P-256, as Apple's keys for push are");
      return null;
    }
    if (keyId == null || teamId == null) {
      return null;
    }
    try {
      return tokens.token(teamId, keyId, ec);
    } catch (JOSEException e) {
      error(KEY, "the key cannot be used for ES256");
      return null;
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

  private KeyCertOptions certificate(PrivateKey key) {
    Optional<Path> file = config.path(CERTIFICATE);
    if (file.isEmpty()) {
      error(
          CERTIFICATE,
          "missing: apple_key alone is enough only for a .p8 file with key_id and team_id");
      return null;
    }
    try {
      CertifiedKey certificate = CertifiedKey.of(Pem.read(file.get()), key);
      check(certificate.leaf());
      return certificate.keyCert();
    } catch (PemException e) {
      error(CERTIFICATE, e.getMessage());
      return null;
    }
  }

  private void check(X509Certificate certificate) {
    Instant end = certificate.getNotAfter().toInstant();
    certificateEnd = end;
    if (end.isBefore(now)) {
      error(CERTIFICATE, "the certificate expired on " + end + "; renew it at Apple");
    } else if (end.isBefore(now.plus(CertificateExpiry.SOON))) {
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
