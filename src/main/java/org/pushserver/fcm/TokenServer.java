// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.pushserver.route.Proxy;
import org.pushserver.route.SystemTrust;
import org.pushserver.spi.Time;

/** Asks the token server of one service account for tokens. Event loop only. */
final class TokenServer {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final int CONNECT_MS = 5000;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;

  /** Enough for its reason; what it says goes into logs and answers. */
  private static final int SHOWN_CHARS = 200;

  /**
   * How it is reached.
   *
   * @param ca trusted in addition to the system's; null for none
   * @param proxy on the way there; null for none
   * @param timeout for one answer
   */
  record Way(PemTrustOptions ca, Proxy proxy, Duration timeout) {}

  private final Credential credential;
  private final Way way;
  private final Vertx vertx;
  private final Time time;
  private final WebClient client;

  TokenServer(Credential credential, Way way, Vertx vertx, Time time) {
    this.credential = credential;
    this.way = way;
    this.vertx = vertx;
    this.time = time;
    this.client = WebClient.create(vertx, options(credential.tokenUri(), way));
  }

  private static WebClientOptions options(Endpoint endpoint, Way way) {
    WebClientOptions options =
        new WebClientOptions()
            .setFollowRedirects(false)
            .setUserAgentEnabled(false)
            .setConnectTimeout(CONNECT_MS)
            // A request that was given up is not delivered by the kernel nevertheless.
            .setSoLinger(0)
            .setDefaultHost(endpoint.host())
            .setDefaultPort(endpoint.port())
            .setSsl(endpoint.tls())
            .setVerifyHost(true)
            .setEnabledSecureTransportProtocols(Set.of("TLSv1.2", "TLSv1.3"))
            .setTrustOptions(new SystemTrust(way.ca()));
    if (way.proxy() != null) {
      options.setProxyOptions(way.proxy().options());
    }
    return options;
  }

  /** Asks once. Fails with {@link TokenException} and nothing else. */
  Future<AccessToken> ask() {
    long askedAt = time.nanos();
    long now = time.now();
    return vertx
        .executeBlocking(() -> Assertion.sign(credential, now), false)
        .recover(cause -> failed(true, "the private key cannot sign"))
        .compose(this::post)
        .compose(response -> read(response, askedAt));
  }

  private Future<HttpResponse<Buffer>> post(String assertion) {
    MultiMap form =
        MultiMap.caseInsensitiveMultiMap().set("grant_type", GRANT).set("assertion", assertion);
    return client
        .post(credential.tokenUri().target())
        .timeout(way.timeout().toMillis())
        .sendForm(form)
        .recover(cause -> failed(false, "cannot be asked: " + explain(cause).getMessage()));
  }

  private Throwable explain(Throwable cause) {
    Endpoint peer = credential.tokenUri();
    return way.proxy() == null
        ? cause
        : way.proxy().explain(cause, peer.host() + ':' + peer.port());
  }

  private Future<AccessToken> read(HttpResponse<Buffer> response, long askedAt) {
    int status = response.statusCode();
    Optional<JsonNode> body = json(response.bodyAsBuffer());
    if (status != 200) {
      return failed(isRefusal(status), "answered " + status + body.map(this::reason).orElse(""));
    }
    String value = body.map(root -> root.path("access_token").asText("")).orElse("");
    long life = body.map(root -> root.path("expires_in").asLong(0)).orElse(0L);
    if (!isHeaderSafe(value) || life < 1) {
      return failed(false, "answered 200 without a token and its life");
    }
    return Future.succeededFuture(AccessToken.of(value, askedAt, life));
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
    if (body == null) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(JSON.readTree(body.getBytes())).filter(JsonNode::isObject);
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private String reason(JsonNode root) {
    return shown(root.path("error")) + shown(root.path("error_description"));
  }

  private static String shown(JsonNode node) {
    if (!node.isTextual() || node.textValue().isBlank()) {
      return "";
    }
    String text = node.textValue().replaceAll("\\p{Cntrl}", " ").strip();
    return ' ' + (text.length() > SHOWN_CHARS ? text.substring(0, SHOWN_CHARS) + '…' : text);
  }

  private <T> Future<T> failed(boolean refusal, String what) {
    return Future.failedFuture(
        new TokenException(refusal, "token server " + credential.tokenUri() + ' ' + what));
  }

  void close() {
    client.close();
  }
}
