// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.golden;

import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.pushserver.RunningServer;
import org.pushserver.fake.FakePushServices;
import org.pushserver.fake.TestKeys;
import org.pushserver.fake.TestTls;

/** The installations of the recording, each started when it is first asked for. */
final class GoldenServers {
  private final Path dir;
  private final FakePushServices services;
  private final Map<String, RunningServer> running = new HashMap<>();
  private final List<Vertx> instances = new ArrayList<>();

  /**
   * @param dir empty; for configuration and credentials
   * @param services what all of them send to
   */
  GoldenServers(Path dir, TestTls tls, FakePushServices services) throws Exception {
    this.dir = dir;
    this.services = services;
    Path credentials = Files.createDirectory(dir.resolve("credentials"));
    Files.copy(tls.ca(), credentials.resolve("ca.pem"));
    Files.copy(tls.clientCertificate(), credentials.resolve("apple.crt"));
    Files.copy(tls.clientKey(), credentials.resolve("apple.key"));
    Files.writeString(credentials.resolve("apple.p8"), TestKeys.pem("EC", 256));
    Files.writeString(credentials.resolve("firebase.json"), serviceAccount().encode());
    Files.writeString(dir.resolve("applications.ini"), applications());
  }

  private JsonObject serviceAccount() throws GeneralSecurityException {
    return new JsonObject()
        .put("type", "service_account")
        .put("project_id", "mock")
        .put("private_key_id", "0123456789abcdef")
        .put("private_key", TestKeys.pem("RSA", 2048))
        .put("client_email", "sender@mock.iam.gserviceaccount.com")
        .put("token_uri", "https://" + services.address() + "/token");
  }

  private String applications() {
    String token = "apple_key = apple.p8\nkey_id = ABC123DEFG\nteam_id = DEF123GHIJ\n";
    String certificate = "apple_certificate = apple.crt\napple_key = apple.key\n";
    String account = "firebase_authorization_file = firebase.json\n";
    String key = "firebase_authorization_key = legacy-server-key\n";
    return apple("sylk-apple", "com.agprojects.sylk-ios", "sylk", token)
        + apple("sylk-apple-dev", "com.agprojects.sylk-ios.dev", "sylk", token)
        + apple("sylk-apple-prod", "com.agprojects.sylk-ios.prod", "sylk", token)
        + apple("sylk-apple-cert", "com.agprojects.sylk-ios.cert", "sylk", certificate)
        + apple("lin-apple", "org.linphone.phone", "linphone", token)
        + apple("lin-apple-prod", "org.linphone.phone.prod", "linphone", token)
        + apple("my-apple", "com.myapp.ios", "myapp", token)
        + firebase("sylk-fcm", "com.agprojects.sylk", "sylk", account)
        + firebase("sylk-fcm-key", "com.agprojects.sylk-key", "sylk", key)
        + firebase("lin-fcm", "org.linphone", "linphone", account)
        + firebase("lin-fcm-key", "org.linphone-key", "linphone", key);
  }

  private String apple(String section, String appId, String type, String credentials) {
    return "[%s]\napp_id = %s\napp_type = %s\napp_platform = apple\n%s"
            .formatted(section, appId, type, credentials)
        + "apple_push_url = %s\napple_ca_file = ca.pem\n\n".formatted(services.address());
  }

  private String firebase(String section, String appId, String type, String credentials) {
    return "[%s]\napp_id = %s\napp_type = %s\napp_platform = firebase\n%s"
            .formatted(section, appId, type, credentials)
        + "firebase_push_url = https://%s\nfirebase_ca_file = ca.pem\n\n"
            .formatted(services.address());
  }

  /** The port of the installation on which a case was recorded. */
  int port(GoldenCase recorded) throws Exception {
    String instance = recorded.instance();
    RunningServer server = running.get(instance);
    if (server == null) {
      server = start(recorded.general());
      running.put(instance, server);
    }
    return server.port();
  }

  /** Where the installation with stored tokens has them. */
  Path tokens() {
    return dir.resolve("state/tokens.db");
  }

  private RunningServer start(String general) throws Exception {
    Vertx vertx = configured(general);
    return await(RunningServer.start(vertx, dir));
  }

  private Vertx configured(String general) throws IOException {
    String plugins =
        "[applications]\nextra_applications_dir = "
            + Path.of("conf", "applications").toAbsolutePath()
            + "\n";
    Files.writeString(
        dir.resolve("general.ini"), plugins + "[server]\nport = 0\nstate_dir = state\n" + general);
    Vertx vertx = Vertx.vertx();
    instances.add(vertx);
    return vertx;
  }

  Future<Void> stop() {
    return Future.join(running.values().stream().map(RunningServer::stop).toList())
        .eventually(() -> Future.join(instances.stream().map(Vertx::close).toList()))
        .mapEmpty();
  }
}
