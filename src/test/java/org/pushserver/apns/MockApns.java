// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static org.pushserver.fake.Await.await;

import com.eatthepath.pushy.apns.auth.ApnsVerificationKey;
import com.eatthepath.pushy.apns.server.MockApnsServer;
import com.eatthepath.pushy.apns.server.MockApnsServerBuilder;
import com.eatthepath.pushy.apns.server.MockApnsServerListener;
import com.eatthepath.pushy.apns.server.PushNotificationHandler;
import com.eatthepath.pushy.apns.server.RejectionReason;
import com.eatthepath.pushy.apns.server.ValidatingPushNotificationHandlerFactory;
import com.nimbusds.jose.JOSEException;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSession;
import org.pushserver.fake.TestTls;

/** Pushy's stand-in for APNs, which nobody here wrote, with what it was sent. */
final class MockApns {
  static final String TOPIC = "com.example.phone";
  static final String ALIVE = "a".repeat(64);
  static final String DEAD = "d".repeat(64);

  /** Of a phone that has no token for VoIP pushes. */
  static final String REMOTE = "e".repeat(64);

  static final Instant DIED = Instant.ofEpochMilli(1_454_948_015_990L);

  /** One notification as it arrived. */
  record Arrival(Http2Headers headers, String body) {
    String header(String name) {
      return String.valueOf(headers.get(name));
    }
  }

  private final MockApnsServer server;
  private final List<Arrival> accepted = new CopyOnWriteArrayList<>();
  private final List<Arrival> all = new CopyOnWriteArrayList<>();
  private int port;

  MockApns(TestTls tls, SigningKey key, int streams) throws Exception {
    ApnsVerificationKey verification =
        new ApnsVerificationKey(SigningKey.KEY_ID, SigningKey.TEAM_ID, key.key().toECPublicKey());
    Set<String> topics = Set.of(TOPIC, TOPIC + ".voip");
    ValidatingPushNotificationHandlerFactory validating =
        new ValidatingPushNotificationHandlerFactory(
            Map.of(TOPIC, Set.of(ALIVE, REMOTE), TOPIC + ".voip", Set.of(ALIVE)),
            Map.of(DEAD, DIED),
            Map.of(SigningKey.KEY_ID, verification),
            Map.of(verification, topics));
    server =
        new MockApnsServerBuilder()
            .setServerCredentials(tls.serverCertificate().toFile(), tls.serverKey().toFile(), null)
            .setTrustedClientCertificateChain(tls.ca().toFile())
            .setUseAlpn(true)
            .setMaxConcurrentStreams(streams)
            .setHandlerFactory(session -> handler(validating, session))
            .setListener(listener())
            .build();
  }

  private static PushNotificationHandler handler(
      ValidatingPushNotificationHandlerFactory validating, SSLSession session) {
    PushNotificationHandler handler = validating.buildHandler(session);
    return (headers, payload) -> handler.handlePushNotification(readable(headers), payload);
  }

  private static Http2Headers readable(Http2Headers headers) {
    CharSequence authorization = headers.get("authorization");
    if (authorization == null) {
      return headers;
    }
    try {
      Http2Headers copy = new DefaultHttp2Headers().add(headers);
      return copy.set("authorization", SigningKey.withDerSignature(authorization.toString()));
    } catch (JOSEException e) {
      throw new IllegalArgumentException(e);
    }
  }

  private MockApnsServerListener listener() {
    return new MockApnsServerListener() {
      @Override
      public void handlePushNotificationAccepted(Http2Headers headers, ByteBuf payload) {
        Arrival arrival = arrival(headers, payload);
        all.add(arrival);
        accepted.add(arrival);
      }

      @Override
      public void handlePushNotificationRejected(
          Http2Headers headers, ByteBuf payload, RejectionReason reason, Instant since) {
        all.add(arrival(headers, payload));
      }
    };
  }

  private static Arrival arrival(Http2Headers headers, ByteBuf payload) {
    String body = payload == null ? "" : payload.toString(StandardCharsets.UTF_8);
    return new Arrival(new DefaultHttp2Headers().add(headers), body);
  }

  MockApns start() throws Exception {
    port = await(server.start(0));
    return this;
  }

  void stop() throws Exception {
    await(server.shutdown());
  }

  void forget() {
    accepted.clear();
    all.clear();
  }

  int port() {
    return port;
  }

  List<Arrival> accepted() {
    return accepted;
  }

  List<Arrival> all() {
    return all;
  }
}
