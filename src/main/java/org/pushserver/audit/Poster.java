// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.pushserver.log.Secrets;
import org.pushserver.spi.Time;

/**
 * Posts one report at a time to one URL and reads the answer: no longer than the time-out in all,
 * and no more of it than is worth logging. Follows no redirect. Confined to one event loop.
 */
final class Poster {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String HMAC = "HmacSHA256";
  private static final long CANCEL = 8;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;

  /** Of a longer answer only the beginning is read; it is no JSON then. */
  private static final int LONGEST_ANSWER = 64 * 1024;

  /** What a collector said. */
  record Answer(int status, Buffer body) {
    boolean isSuccess() {
      return status >= 200 && status < 300;
    }

    boolean isWorthRetrying() {
      return status >= 500 || status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS;
    }
  }

  private final CollectorConfig config;
  private final HttpClient client;
  private final Time time;
  private final RequestOptions options;
  private final Mac mac;

  Poster(CollectorConfig config, URI url, HttpClient client, Time time) {
    this.config = config;
    this.client = client;
    this.time = time;
    this.options = options(url);
    this.mac = mac(config.secret());
  }

  private static RequestOptions options(URI url) {
    String path = url.getRawPath().isEmpty() ? "/" : url.getRawPath();
    boolean tls = "https".equalsIgnoreCase(url.getScheme());
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setSsl(tls)
            .setHost(url.getHost().replaceAll("[\\[\\]]", ""))
            .setPort(url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80)
            .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
            .putHeader(HttpHeaders.CONTENT_TYPE, "application/json");
    if (url.getUserInfo() != null) {
      options.putHeader(
          HttpHeaders.AUTHORIZATION,
          "Basic " + Base64.getEncoder().encodeToString(url.getUserInfo().getBytes(UTF_8)));
    }
    return options;
  }

  private static Mac mac(String secret) {
    if (secret.isEmpty()) {
      return null;
    }
    try {
      Mac mac = Mac.getInstance(HMAC);
      mac.init(new SecretKeySpec(secret.getBytes(UTF_8), HMAC));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has it", e);
    }
  }

  /** Fails when there is no whole answer within the time-out. */
  Future<Answer> post(Buffer report) {
    Exchange exchange = new Exchange();
    RequestOptions signed = new RequestOptions(options);
    if (mac != null) {
      signed.putHeader(
          "x-pushserver-signature",
          "sha256=" + HexFormat.of().formatHex(mac.doFinal(report.getBytes())));
    }
    client
        .request(signed)
        .compose(request -> exchange.send(request, report))
        .onFailure(exchange::fail);
    return exchange.end();
  }

  /** What of an answer is logged; empty for its status alone. */
  String text(Answer answer, boolean debug) {
    if (config.key().isEmpty()) {
      return debug ? Secrets.body(answer.body().toString()) : "";
    }
    try {
      JsonNode value = JSON.readTree(answer.body().getBytes()).path(config.key());
      return value.isMissingNode()
          ? ""
          : Secrets.body(value.isTextual() ? value.textValue() : value.toString());
    } catch (IOException e) {
      return "";
    }
  }

  /** One report on its way. */
  private final class Exchange {
    private final Promise<Answer> promise = Promise.promise();
    private final long timer = time.timer(config.timeout().toMillis(), this::timedOut);
    private final Buffer body = Buffer.buffer();
    private HttpClientRequest request;

    Future<HttpClientResponse> send(HttpClientRequest newRequest, Buffer report) {
      request = newRequest;
      if (promise.future().isComplete()) {
        cut();
        return Future.failedFuture("too late");
      }
      return newRequest.send(report).onSuccess(this::read);
    }

    private void read(HttpClientResponse response) {
      response
          .handler(this::take)
          .exceptionHandler(this::fail)
          .endHandler(end -> succeed(new Answer(response.statusCode(), body)));
    }

    private void take(Buffer chunk) {
      int room = LONGEST_ANSWER - body.length();
      body.appendBuffer(chunk, 0, Math.min(room, chunk.length()));
    }

    private void succeed(Answer answer) {
      time.cancel(timer);
      promise.tryComplete(answer);
    }

    void fail(Throwable cause) {
      time.cancel(timer);
      promise.tryFail(cause);
    }

    private void timedOut() {
      promise.tryFail("no answer within " + config.timeout().toMillis() + " ms");
      cut();
    }

    private void cut() {
      if (request != null) {
        request.reset(CANCEL);
      }
    }

    Future<Answer> end() {
      return promise.future();
    }
  }
}
