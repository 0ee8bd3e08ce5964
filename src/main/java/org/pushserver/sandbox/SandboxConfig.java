// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes {@code ca.pem} and a configuration directory with which a server uses the sandbox. Worker
 * thread.
 */
final class SandboxConfig {
  private final Path directory;
  private final SandboxTls tls;
  private final SandboxKeys keys;
  private final boolean trail;

  /**
   * @param trail whether the server keeps one, in the same directory
   */
  SandboxConfig(Path directory, SandboxTls tls, SandboxKeys keys, boolean trail) {
    this.directory = directory;
    this.tls = tls;
    this.keys = keys;
    this.trail = trail;
  }

  /** The configuration directory in a sandbox's directory. */
  static Path configDirectory(Path directory) {
    return directory.resolve("config");
  }

  /**
   * Writes all, but what somebody has changed.
   *
   * @return the files that were kept as they are
   * @throws IOException also when there is a configuration that the sandbox did not write
   */
  List<Path> write(List<SandboxApp> apps, int serverPort, int adminPort, int apnsPort, int fcmPort)
      throws IOException {
    Path config = configDirectory(directory);
    Path general = config.resolve("general.ini");
    Path applications = config.resolve("applications.ini");
    boolean keepsGeneral = OwnFile.isChanged(general);
    boolean keepsApplications = OwnFile.isChanged(applications);
    Path credentials = config.resolve("credentials");
    SandboxFiles.folder(credentials);
    SandboxFiles.write(directory.resolve("ca.pem"), tls.authorityPem());
    SandboxFiles.write(credentials.resolve("ca.pem"), tls.authorityPem());
    SandboxFiles.writeSecret(credentials.resolve("apns.p8"), PemText.of(keys.apns().getPrivate()));
    SandboxFiles.writeSecret(credentials.resolve("apns-client.pem"), tls.clientPem());
    SandboxFiles.writeSecret(credentials.resolve("firebase.json"), serviceAccount(fcmPort));
    List<Path> kept = new ArrayList<>();
    if (keepsApplications) {
      kept.add(applications);
    } else {
      // The legacy server key is in it.
      SandboxFiles.writeSecret(applications, OwnFile.marked(applications(apps, apnsPort, fcmPort)));
    }
    if (keepsGeneral) {
      kept.add(general);
    } else {
      SandboxFiles.write(general, OwnFile.marked(general(serverPort, adminPort)));
    }
    return kept;
  }

  private String general(int serverPort, int adminPort) {
    return String.join(
        "\n",
        "[server]",
        "host = 127.0.0.1",
        "port = " + serverPort,
        adminPort == 0 ? "" : "admin_port = " + adminPort,
        "log_to_file = false",
        "spool_dir = " + escaped(directory.toAbsolutePath().resolve("spool").toString()),
        "trail = " + (trail ? "yes" : "no"),
        "state_dir = ../state",
        "",
        "[applications]",
        "config_file = applications.ini",
        "credentials_folder = credentials",
        "");
  }

  /** Percent signs are special in this dialect. */
  private static String escaped(String value) {
    return value.replace("%", "%%");
  }

  private String applications(List<SandboxApp> apps, int apnsPort, int fcmPort) {
    return apps.stream()
        .map(app -> app.isApple() ? apple(app, apnsPort) : firebase(app, fcmPort))
        .collect(Collectors.joining("\n", "\n", ""));
  }

  private static String head(SandboxApp app) {
    return String.join(
        "\n",
        "[" + app.section() + "]",
        "app_id = " + escaped(app.appId()),
        "app_type = " + escaped(app.type()),
        "app_platform = " + app.platform(),
        "");
  }

  private static String apple(SandboxApp app, int port) {
    String credentials =
        app.credentials() == SandboxApp.Credentials.CERTIFICATE
            ? "apple_certificate = apns-client.pem\n"
            : "apple_key = apns.p8\nkey_id = "
                + SandboxKeys.KEY_ID
                + "\nteam_id = "
                + SandboxKeys.TEAM_ID
                + "\n";
    return head(app)
        + credentials
        + "apple_push_url = 127.0.0.1:"
        + port
        + "\napple_ca_file = ca.pem\n";
  }

  private String firebase(SandboxApp app, int port) {
    boolean legacy = app.credentials() == SandboxApp.Credentials.LEGACY_KEY;
    String url = "https://127.0.0.1:" + port;
    return head(app)
        + (legacy
            ? "firebase_authorization_key = " + keys.legacy() + "\n"
            : "firebase_authorization_file = firebase.json\n")
        + "firebase_push_url = "
        + (legacy ? url + LegacyStandIn.PATH : url)
        + "\nfirebase_ca_file = ca.pem\n";
  }

  private String serviceAccount(int fcmPort) {
    return new JsonObject()
        .put("type", "service_account")
        .put("project_id", SandboxKeys.PROJECT)
        .put("private_key_id", SandboxKeys.ACCOUNT_KEY_ID)
        .put("private_key", PemText.of(keys.account().getPrivate()))
        .put("client_email", SandboxKeys.ACCOUNT)
        .put("client_id", "100000000000000000000")
        .put("token_uri", OauthStandIn.uri(fcmPort))
        .encodePrettily();
  }
}
