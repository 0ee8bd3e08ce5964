// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.net.URLEncoder;
import java.util.HexFormat;
import java.util.Optional;
import org.pushserver.pns.Authorization;
import org.pushserver.pns.Endpoint;
import org.pushserver.pns.HttpPushService;
import org.pushserver.pns.Request;
import org.pushserver.pns.Verdict;
import org.pushserver.pns.Verdict.Credentials;
import org.pushserver.pns.Verdict.Remedy;
import org.pushserver.push.Answer;
import org.pushserver.push.AppKey;
import org.pushserver.push.Push;
import org.pushserver.route.Reply;
import org.pushserver.route.RouteOptions;
import org.pushserver.spi.Payload;
import org.pushserver.spi.Time;
import org.pushserver.spi.Trial;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One application's way to APNs. */
final class ApnsService extends HttpPushService {
  private static final Logger LOG = LoggerFactory.getLogger(ApnsService.class);

  private static final int LIMIT = 4096;
  private static final int VOIP_LIMIT = 5120;

  private final String section;
  private final Endpoint host;
  private final String base;
  private final RepeatDetector unrelatedKey = new RepeatDetector();
  private final EnvironmentWatch environments = new EnvironmentWatch();
  private TokenUpdateBackoff backoff;
  private long newestConnection;

  /**
   * @param section the application's, for the log
   * @param host where to
   * @param way there, and with what certificate
   * @param authorization a provider token, or that certificate
   */
  ApnsService(String section, Endpoint host, RouteOptions way, Authorization authorization) {
    super(section, authorization, way);
    this.section = section;
    this.host = host;
    this.base = host.url();
  }

  @Override
  protected void start(Time clock, Runnable whenChanged) {
    backoff = new TokenUpdateBackoff(section, clock, whenChanged);
  }

  @Override
  protected void stop() {
    if (backoff != null) {
      backoff.close();
    }
  }

  @Override
  protected int limited(int room) {
    return backoff.window(room);
  }

  @Override
  protected Optional<String> pause() {
    return backoff.reason();
  }

  @Override
  public Optional<Answer> refusal(Push push, Payload payload) {
    int size = payload.body().length();
    int limit = "voip".equals(payload.headers().get("apns-push-type")) ? VOIP_LIMIT : LIMIT;
    return size > limit
        ? Optional.of(ApnsAnswers.tooLarge(size, limit, url(push)))
        : Optional.empty();
  }

  @Override
  protected String url(Push push) {
    return base + path(push);
  }

  private static String path(Push push) {
    String deviceToken = push.device().token();
    // Hexadecimal as it should be, nothing changes; anything else cannot become another path.
    boolean hex = deviceToken.chars().allMatch(HexFormat::isHexDigit);
    return "/3/device/"
        + (hex ? deviceToken : URLEncoder.encode(deviceToken, UTF_8).replace("+", "%20"));
  }

  @Override
  protected Request request(Push push, Payload payload, long deadline) {
    MultiMap headers = HttpHeaders.headers();
    payload.headers().forEach(headers::set);
    headers.set("apns-id", push.id().toString());
    return new Request(host, path(push), headers, payload.body());
  }

  @Override
  protected Verdict judge(Request request, Reply reply) {
    String topic = request.headers().get("apns-topic");
    Verdict told = ApnsAnswers.judge(reply, base + request.path(), topic, time().now());
    watchEnvironment(told);
    newestConnection = Math.max(newestConnection, reply.connection());
    if (told.remedy() == Remedy.RECONNECT_OR_PAUSE) {
      backoff.complained(reply.connection(), newestConnection);
    } else {
      backoff.relieved();
    }
    return environments.isBurst() && ApnsAnswers.isBadToken(told.answer())
        ? told.with(ApnsAnswers.doubted(told.answer().response()))
        : told;
  }

  @Override
  protected boolean helpsToReconnect(long connection) {
    return !unrelatedKey.cameBack(connection, newestConnection, time().nanos());
  }

  /** One log line for a burst. */
  private void watchEnvironment(Verdict told) {
    if (told.answer() instanceof Answer.Later
        || told.credentials() == Credentials.REFUSED
        || !environments.begins(ApnsAnswers.isBadToken(told.answer()))) {
      return;
    }
    LOG.warn(
        "[{}] more than half of the last 50 answers of {} are BadDeviceToken: tokens of Apple's"
            + " sandbox and of production are probably mixed up, and while it is so, callers are told"
            + " 400 and not 410, lest they forget tokens that are good. Apps built by Xcode need"
            + " apple_push_url = {}, those from TestFlight and the App Store {}",
        section,
        base,
        PushAddress.SANDBOX.host(),
        PushAddress.PRODUCTION.host());
  }

  @Override
  public Future<Trial> tryCredentials(AppKey app) {
    return new ApnsTrial(app, advice(), this::attempt).run(time().now());
  }
}
