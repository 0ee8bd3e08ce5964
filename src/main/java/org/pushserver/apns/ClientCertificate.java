// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.apns;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.pushserver.pns.Authorization;
import org.pushserver.push.Response;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One application's client certificate, which its connections show; watched as it runs out: from 30
 * days before on the log says so once a day, but for the first day, on which loading the
 * configuration has said it. When it has run out, nothing is sent any more.
 */
final class ClientCertificate implements Authorization {
  private static final Logger LOG = LoggerFactory.getLogger(ClientCertificate.class);

  /** From when on an operator is to be reminded. */
  static final Duration SOON = Duration.ofDays(30);

  private static final long DAY_MS = Duration.ofDays(1).toMillis();
  private static final long NONE = -1;

  private static final Future<String> NOTHING = Future.succeededFuture(NO_HEADER);

  private final String section;
  private final Instant end;
  private Time time;
  private Runnable changed;
  private long timer = NONE;
  private boolean expired;

  /**
   * @param end from when on the certificate is not valid
   */
  ClientCertificate(String section, Instant end) {
    this.section = section;
    this.end = end;
  }

  @Override
  public Future<Void> open(Vertx vertx, Time newTime, Runnable newChanged) {
    time = newTime;
    changed = newChanged;
    watch();
    return Future.succeededFuture();
  }

  @Override
  public String advice() {
    return "check apple_certificate, apple_key and apple_push_url";
  }

  @Override
  public Optional<Response> refusal() {
    return expired ? Optional.of(ApnsAnswers.expired(end)) : Optional.empty();
  }

  @Override
  public String current() {
    return NO_HEADER;
  }

  @Override
  public Future<String> obtain() {
    return NOTHING;
  }

  @Override
  public Future<Boolean> replace(String refused) {
    return Future.succeededFuture(false);
  }

  @Override
  public Optional<Instant> credentialEnd() {
    return Optional.of(end);
  }

  private void watch() {
    long left = end.toEpochMilli() - time.now();
    if (left > 0) {
      timer = time.timer(Math.min(left, DAY_MS), this::dayPassed);
    } else {
      timer = NONE;
      expired = true;
      changed.run();
    }
  }

  private void dayPassed() {
    Duration left = Duration.ofMillis(end.toEpochMilli() - time.now());
    if (left.compareTo(Duration.ZERO) > 0 && left.compareTo(SOON) < 0) {
      LOG.warn(
          "[{}] the certificate of apple_certificate expires in {} days, on {}; renew it at Apple",
          section,
          left.toDays(),
          end);
    }
    watch();
  }

  @Override
  public void close() {
    if (timer != NONE) {
      time.cancel(timer);
      timer = NONE;
    }
  }
}
