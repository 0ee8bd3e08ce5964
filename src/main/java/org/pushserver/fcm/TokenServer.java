// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.pushserver.pns.Endpoint;
import org.pushserver.route.BoundedRequest;
import org.pushserver.route.PeerWords;
import org.pushserver.route.Reply;
import org.pushserver.route.SystemTrust;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;

/**
 * Asks the token server of one service account for tokens. Each time over a connection of its own,
 * of which nothing is left afterwards: that is once an hour, and whatever the server does ends with
 * it. Event loop only.
 */
final class TokenServer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final int CONNECT_MS = 5000;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;

  /** Of a token whose life is not told, which RFC 6749 allows, in seconds. */
  private static final long ASSUMED_LIFE = 300;

  private final Credential credential;
  private final TokenAccess access;
  private final Duration timeout;
  private final Vertx vertx;
  private final Time time;
  private final HttpClientOptions clientOptions;
  private BoundedRequest underWay;
  private boolean closed;

  /**
   * @param timeout for everything that one token takes, from the look-up of the name to the end of
   *     the answer
   */
  TokenServer(TokenAccess access, Duration timeout, Vertx vertx, Time time) {
    this.credential = access.credential();
    this.access = access;
    this.timeout = timeout;
    this.vertx = vertx;
    this.time = time;
    this.clientOptions = clientOptions(access);
  }

  private static HttpClientOptions clientOptions(TokenAccess access) {
    HttpClientOptions options =
        new HttpClientOptions()
            .setConnectTimeout(CONNECT_MS)
            // A request that was given up is not delivered by the kernel nevertheless.
            .setSoLinger(0)
            .setKeepAlive(false)
            .setSsl(access.credential().tokenUri().tls())
            .setVerifyHost(true)
            .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
            .setTrustOptions(new SystemTrust(access.ca()));
    if (access.proxy() != null) {
      options.setProxyOptions(access.proxy().options());
    }
    return options;
  }

  /** Asks once, one request at a time. Fails with {@link TokenException} and nothing else. */
  Future<AccessToken> ask() {
    long askedAt = time.nanos();
    long now = time.now();
    return vertx
        .executeBlocking(() -> Assertion.sign(credential, now), false)
        .recover(cause -> failed(true, "the private key cannot sign"))
        .compose(this::post)
        .compose(answer -> read(answer, askedAt));
  }

  private Future<Reply> post(String assertion) {
    if (closed) {
      return failed(false, "is not asked any more");
    }
    MultiMap form =
        MultiMap.caseInsensitiveMultiMap().set("grant_type", GRANT).set("assertion", assertion);
    underWay = new BoundedRequest(time, timeout);
    TokenRequest.send(vertx, clientOptions, credential.tokenUri(), form, underWay);
    return underWay
        .reply()
        .map(answer -> answer.hiding(assertion))
        .recover(cause -> failed(false, "cannot be asked: " + Reason.of(explain(cause))));
  }

  private Throwable explain(Throwable cause) {
    Endpoint peer = credential.tokenUri();
    return access.proxy() == null
        ? cause
        : access.proxy().explain(cause, peer.host() + ':' + peer.port());
  }

  private Future<AccessToken> read(Reply answer, long askedAt) {
    int status = answer.status();
    Optional<JsonNode> body = json(answer.body());
    if (status != 200) {
      return failed(
          isRefusal(status), "answered " + status + body.map(TokenServer::reason).orElse(""));
    }
    String value = body.map(root -> root.path("access_token").asText("")).orElse("");
    if (!isHeaderSafe(value)) {
      return failed(
          false,
          answer.body().length() == 0
              ? "answered 200 with nothing"
              : "answered 200 without a token");
    }
    long life = body.map(root -> root.path("expires_in").asLong(0)).orElse(0L);
    return Future.succeededFuture(AccessToken.of(value, askedAt, life > 0 ? life : ASSUMED_LIFE));
  }

  /** All that a later try may cure is none. A redirect is: the token_uri leads to a wrong place. */
  private static boolean isRefusal(int status) {
    return status >= 300
        && status < 500
        && status != REQUEST_TIMEOUT
        && status != TOO_MANY_REQUESTS;
  }

  private static boolean isHeaderSafe(String value) {
    return !value.isEmpty() && value.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }

  private static Optional<JsonNode> json(Buffer body) {
    try {
      return Optional.ofNullable(JSON.readTree(body.getBytes())).filter(JsonNode::isObject);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String reason(JsonNode root) {
    return shown(root.path("error")) + shown(root.path("error_description"));
  }

  private static String shown(JsonNode node) {
    if (!node.isTextual() || node.textValue().isBlank()) {
      return "";
    }
    return ' ' + PeerWords.of(node.textValue());
  }

  private <T> Future<T> failed(boolean refusal, String what) {
    return Future.failedFuture(
        new TokenException(refusal, "token server " + credential.tokenUri() + ' ' + what));
  }

  void close() {
    closed = true;
    if (underWay != null) {
      underWay.cancel("its application is closed");
    }
  }
}
