// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import org.pushserver.events.ReportEnd;
import org.pushserver.log.BodyOutline;
import org.pushserver.log.Secrets;
import org.pushserver.route.BoundedRequest;
import org.pushserver.route.Reply;
import org.pushserver.spi.Time;

/**
 * Posts one report at a time to one URL and reads the answer: no longer than the time-out in all,
 * and no more of it than is worth logging. Follows no redirect. Confined to one event loop.
 */
final class ReportPoster {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;

  /** Whether the collector has taken the report. */
  static boolean isSuccess(Reply answer) {
    return answer.status() >= 200 && answer.status() < 300;
  }

  /** Whether it may take the report later. */
  static boolean isWorthRetrying(Reply answer) {
    int status = answer.status();
    return status >= 500 || status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS;
  }

  private final CollectorConfig config;
  private final HttpClient client;
  private final Time time;
  private final RequestOptions options;
  private final ReportSignature signature;

  /** What we send to show who we are: user and password, plain and as they are sent. */
  private final List<String> secrets;

  ReportPoster(CollectorConfig config, URI url, HttpClient client, Time time) {
    this.config = config;
    this.client = client;
    this.time = time;
    this.options = options(url);
    this.signature = signature(config, time);
    this.secrets = url.getUserInfo() == null ? List.of() : secrets(url.getUserInfo());
  }

  private static List<String> secrets(String userInfo) {
    String password = userInfo.substring(userInfo.indexOf(':') + 1);
    return List.of(basic(userInfo), userInfo, password);
  }

  private static String basic(String userInfo) {
    return Base64.getEncoder().encodeToString(userInfo.getBytes(UTF_8));
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
      options.putHeader(HttpHeaders.AUTHORIZATION, "Basic " + basic(url.getUserInfo()));
    }
    return options;
  }

  private static ReportSignature signature(CollectorConfig config, Time time) {
    if (config.secrets().isEmpty()) {
      return ReportSignature.NONE;
    }
    return config.kind() == ReportEnd.Kind.WEBHOOK
        ? ReportSignature.ofTimeAndReport(config.secrets(), time)
        : ReportSignature.ofReport(config.secrets().get(0));
  }

  /**
   * Fails when there is no whole answer within the time-out.
   *
   * @param id of what the report is about, by which a webhook knows one that comes again
   */
  Future<Reply> post(Buffer report, UUID id) {
    RequestOptions signed = new RequestOptions(options);
    if (config.kind() == ReportEnd.Kind.WEBHOOK) {
      signed.putHeader("idempotency-key", id.toString());
    }
    signature.sign(report, signed);
    return BoundedRequest.send(client, signed, report, time, config.timeout())
        .reply()
        .map(this::withoutSecrets);
  }

  private Reply withoutSecrets(Reply answer) {
    Reply shown = answer;
    for (String secret : config.secrets()) {
      shown = shown.hiding(secret);
    }
    for (String secret : secrets) {
      shown = shown.hiding(secret);
    }
    return shown;
  }

  /** What of an answer is logged; empty for its status alone. */
  String text(Reply answer, boolean debug) {
    if (config.key().isEmpty()) {
      return debug ? BodyOutline.ofAnswer(answer.body().toString()) : "";
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
}
