// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.pushserver.apns.ApnsServiceIT.push;
import static org.pushserver.apns.ApnsServiceIT.ring;
import static org.pushserver.apns.MockApns.ALIVE;
import static org.pushserver.apns.MockApns.TOPIC;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushserver.dispatch.VertxTime;
import org.pushserver.fake.CertificateFiles;
import org.pushserver.fake.TestTls;
import org.pushserver.push.Answer.Delivered;
import org.pushserver.push.AppKey;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Delivery;

/** An APNs that lets nobody in without a certificate, and trusts the root alone. */
@Timeout(120)
class ApnsCertificateFilesIT {
  @TempDir static Path dir;
  private static CertificateFiles files;
  private static TestTls tls;

  private final ConcurrentLinkedQueue<List<Certificate>> shown = new ConcurrentLinkedQueue<>();
  private Vertx vertx;
  private HttpServer apns;

  static List<String> kinds() throws Exception {
    tls = TestTls.create(dir);
    files = new CertificateFiles(tls.authority(), "UID=" + TOPIC + ", CN=Apple Push Services");
    return CertificateFiles.KINDS;
  }

  @BeforeEach
  void start() throws Exception {
    vertx = Vertx.vertx();
    apns =
        vertx
            .createHttpServer(
                new HttpServerOptions()
                    .setHost("127.0.0.1")
                    .setPort(0)
                    .setSsl(true)
                    .setUseAlpn(true)
                    .setClientAuth(ClientAuth.REQUIRED)
                    .setTrustOptions(tls.trust())
                    .setKeyCertOptions(tls.server()))
            .requestHandler(
                request -> {
                  try {
                    shown.add(request.connection().peerCertificates());
                    request.response().putHeader("apns-id", UUID.randomUUID().toString()).end();
                  } catch (Exception e) {
                    request.response().setStatusCode(500).end();
                  }
                });
    await(apns.listen().mapEmpty());
  }

  @AfterEach
  void stop() throws Exception {
    await(vertx.close());
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aPushIsDeliveredWithACertificateFileOfWhateverOrder(String kind) throws Exception {
    Path file = Files.writeString(dir.resolve("push.pem"), files.file(kind));
    AppConfig config =
        new AppConfig(
            "applications.ini",
            "phone",
            new AppKey(TOPIC, AppKey.APPLE),
            "sylk",
            Map.of(
                "apple_certificate",
                file.toString(),
                "apple_push_url",
                "localhost:" + apns.actualPort(),
                "apple_ca_file",
                tls.ca().toString()),
            dir,
            Delivery.DEFAULT);
    Sender sender = new Sender(vertx, new ApnsProvider().create(config, problem -> {}));
    await(sender.open(vertx, new VertxTime(vertx)));
    assertInstanceOf(Delivered.class, sender.send(push(ALIVE), ring()));
    assertEquals(files.path(kind.contains("root")), shown.remove());
    await(sender.close());
  }
}
