// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.pushserver.pns.Endpoint;
import org.pushserver.pns.RouteSettings;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Problem;
import org.pushserver.spi.Setting;

/**
 * The Firebase settings of one application, checked.
 *
 * @param account null when {@code serverKey} is given
 * @param serverKey the legacy key; null when {@code account} is given
 * @param endpoint where pushes are posted to
 * @param way to Firebase and to the token server
 */
record FcmSettings(ServiceAccount account, String serverKey, Endpoint endpoint, RouteSettings way) {
  static final String AUTHORIZATION_FILE = "firebase_authorization_file";
  static final String AUTHORIZATION_KEY = "firebase_authorization_key";
  static final String PUSH_URL = "firebase_push_url";
  static final String CA_FILE = "firebase_ca_file";

  static final List<Setting> SETTINGS =
      List.of(
          Setting.file(AUTHORIZATION_FILE),
          Setting.text(AUTHORIZATION_KEY),
          Setting.text(PUSH_URL),
          Setting.file(CA_FILE));

  private static final String STANDARD_URL = "https://fcm.googleapis.com";
  private static final String LEGACY_PATH = "/fcm/send";

  /** Without the secrets. */
  @Override
  public String toString() {
    return "Firebase at " + endpoint;
  }

  /**
   * Reads and checks the settings and the files that they name. Blocks.
   *
   * @throws ConfigException with everything that is wrong
   */
  static FcmSettings read(AppConfig config, Consumer<Problem> warnings) throws ConfigException {
    List<Problem> errors = new ArrayList<>();
    ServiceAccount account = account(config, errors);
    String serverKey = serverKey(config, errors);
    Endpoint base = pushUrl(config, errors);
    RouteSettings way = RouteSettings.read(config, CA_FILE, errors::add);
    if (base != null) {
      way.requireTls(base, config, PUSH_URL, errors::add);
    }
    if (account != null) {
      Endpoint tokenUri = account.credential().tokenUri();
      way.requireTls(tokenUri, config, "the token_uri in " + AUTHORIZATION_FILE, errors::add);
    }
    if (!errors.isEmpty()) {
      throw new ConfigException(errors);
    }
    if (serverKey != null) {
      warnings.accept(
          config.warning(
              AUTHORIZATION_KEY,
              "Google shut down the API of server keys in 2024: this works with a compatible"
                  + " gateway only; for Firebase itself give "
                  + AUTHORIZATION_FILE));
    } else if (base.path().equals(LEGACY_PATH)) {
      warnings.accept(
          config.warning(
              PUSH_URL,
              "is the address of the legacy API, but the messages of a service account are of"
                  + " HTTP v1: leave the path out"));
    }
    return new FcmSettings(account, serverKey, endpoint(base, account), way);
  }

  boolean isLegacy() {
    return serverKey != null;
  }

  private static ServiceAccount account(AppConfig config, List<Problem> errors) {
    Path file = config.path(AUTHORIZATION_FILE).orElse(null);
    if (file == null) {
      return null;
    }
    List<String> wrong = new ArrayList<>();
    ServiceAccount account = ServiceAccountFile.read(file, wrong).orElse(null);
    wrong.forEach(message -> errors.add(config.error(AUTHORIZATION_FILE, message)));
    return account;
  }

  private static String serverKey(AppConfig config, List<Problem> errors) {
    String key = config.setting(AUTHORIZATION_KEY).map(String::strip).orElse(null);
    boolean hasFile = config.setting(AUTHORIZATION_FILE).isPresent();
    if (key == null && !hasFile) {
      errors.add(
          config.error(
              AUTHORIZATION_FILE,
              "is missing: give the service account's JSON file, or "
                  + AUTHORIZATION_KEY
                  + " for a gateway that takes server keys"));
    } else if (key != null && hasFile) {
      errors.add(
          config.error(
              AUTHORIZATION_KEY, "and " + AUTHORIZATION_FILE + " are both given: keep one"));
    } else if (key != null && !key.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
      errors.add(
          config.error(AUTHORIZATION_KEY, "has characters that no server key has; copy it again"));
    }
    return key;
  }

  private static Endpoint pushUrl(AppConfig config, List<Problem> errors) {
    String url = config.setting(PUSH_URL).map(String::strip).orElse(STANDARD_URL);
    try {
      return Endpoint.parse(url);
    } catch (IllegalArgumentException e) {
      errors.add(config.error(PUSH_URL, "'" + url + "' " + e.getMessage()));
      return null;
    }
  }

  /** A URL without a path gets the one of the API; one with a path is somebody's own gateway. */
  private static Endpoint endpoint(Endpoint base, ServiceAccount account) {
    if (base.hasPath()) {
      return base;
    }
    return base.withPath(
        account == null ? LEGACY_PATH : "/v1/projects/" + account.projectId() + "/messages:send");
  }
}
