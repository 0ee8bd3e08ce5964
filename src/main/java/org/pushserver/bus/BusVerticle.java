// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.VerticleBase;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import io.vertx.core.eventbus.impl.MessageConsumerImpl;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.pushserver.api.AckApi;
import org.pushserver.api.ApiParts;
import org.pushserver.api.CallerCheck;
import org.pushserver.api.LivePolicy;
import org.pushserver.api.PushApi;
import org.pushserver.api.RateLimit;
import org.pushserver.api.TokenApi;
import org.pushserver.config.BusSettings;
import org.pushserver.observe.Readiness;
import org.pushserver.observe.RequestMeters;
import org.pushserver.spi.Time;

/** The consumers of one event loop. */
final class BusVerticle extends VerticleBase {
  private static final long SWEEP_MS = Duration.ofSeconds(5).toMillis();

  private final BusSettings settings;
  private final LivePolicy policy;
  private final Time time;
  private final RequestConsumer pushes;

  /** Null when they are off. */
  private final RequestConsumer acknowledgements;

  /** By their addresses. */
  private final Map<String, RequestConsumer> ofTokens = new LinkedHashMap<>();

  private final StatusConsumer statuses;
  private final List<MessageConsumer<Object>> consumers = new ArrayList<>();
  private long timer;

  /**
   * @param settings what is taken, and at which addresses
   * @param first whether it speaks for all others
   * @param policy what messages are judged by
   * @param parts what messages are for, on this verticle's event loop
   * @param readiness tells how the server is
   * @param meters what happens at the door is counted here
   */
  BusVerticle(
      BusSettings settings,
      boolean first,
      LivePolicy policy,
      ApiParts parts,
      Readiness readiness,
      RequestMeters meters) {
    this.settings = settings;
    this.policy = policy;
    this.time = parts.time();
    AckApi acks = parts.acks();
    PushApi pushApi = new PushApi(parts.dispatcher(), time);
    this.pushes =
        new RequestConsumer(
            RequestConsumer.Kind.push(pushApi),
            settings.pushAddress(),
            first,
            policy,
            time,
            meters);
    this.acknowledgements =
        acks.isOff()
            ? null
            : new RequestConsumer(
                RequestConsumer.Kind.acknowledgement(acks),
                settings.acksAddress(),
                first,
                policy,
                time,
                meters);
    TokenApi tokens = new TokenApi(parts, pushApi);
    TokenCalls.of(tokens)
        .forEach(
            (call, kind) -> {
              String address = settings.tokensAddress(call);
              ofTokens.put(
                  address, new RequestConsumer(kind, address, first, policy, time, meters));
            });
    this.statuses =
        new StatusConsumer(
            settings.statusAddress(), policy, new CallerCheck(time), readiness, meters);
  }

  @Override
  public Future<?> start() {
    if (settings.push()) {
      consume(settings.pushAddress(), pushes::take, pushes::discard);
      ofTokens.forEach((address, calls) -> consume(address, calls::take, calls::discard));
    }
    if (acknowledgements != null) {
      consume(settings.acksAddress(), acknowledgements::take, acknowledgements::discard);
    }
    consume(settings.statusAddress(), statuses::take, statuses::take);
    sweepLater();
    return Future.join(consumers.stream().map(MessageConsumer::completion).toList());
  }

  private void consume(
      String address, Handler<Message<Object>> handler, Handler<Message<Object>> discarded) {
    MessageConsumer<Object> consumer = vertx.eventBus().consumer(address);
    // What is on its way when the consumer ends is discarded by Vert.x, without a proper answer.
    ((MessageConsumerImpl<Object>) consumer).discardHandler(discarded);
    consumers.add(consumer.handler(handler));
  }

  private void sweepLater() {
    timer =
        time.timer(
            SWEEP_MS,
            () -> {
              RateLimit limit = policy.now().rateLimit();
              if (limit != null) {
                limit.sweep(time.nanos());
              }
              sweepLater();
            });
  }

  @Override
  public Future<?> stop() {
    time.cancel(timer);
    return Future.join(consumers.stream().map(MessageConsumer::unregister).toList());
  }
}
