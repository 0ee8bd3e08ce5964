// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bus;

import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/**
 * Sends push notifications from a Vert.x service, over the event bus, by way of a Pushserver in the
 * same process or in the same cluster.
 *
 * <pre>{@code
 * PushClient pushes = PushClient.create(vertx);
 * PushMessage ring =
 *     PushMessage.ring("com.example.phone", "apple", token)
 *         .callId("4711@pbx.example.com")
 *         .from("sip:alice@example.com", "Alice")
 *         .to("sip:bob@example.com")
 *         .mediaType("audio")
 *         .build();
 * pushes.send(ring).onSuccess(result -> {
 *   if (result.isDeadToken()) {
 *     forget(token);
 *   }
 * });
 * }</pre>
 *
 * <p>What the server answers is a {@link PushResult}, also when it refuses the push. A future fails
 * only with {@link NoReplyException}: nobody could be asked, or nobody has answered in time.
 *
 * <p>Any thread; it never blocks, holds nothing and need not be closed. Make one for each {@link
 * Vertx} and share it. Futures complete on the context of whoever called; when that was no thread
 * of Vert.x, on an event loop. The event bus has no back-pressure: the server answers 503 or 429 to
 * what is too much, but who sends faster than it reads fills the memory of both. Wait for answers
 * before you send thousands.
 */
public final class PushClient {
  private static final String WAIT = "wait";
  private static final String SENDER = "sender";
  private static final String API_KEY = "api-key";

  private final Vertx vertx;
  private final PushClientOptions options;

  private PushClient(Vertx vertx, PushClientOptions options) {
    this.vertx = vertx;
    this.options = options;
  }

  /**
   * A client with {@link PushClientOptions#DEFAULT}.
   *
   * @param vertx whose event bus leads to the server
   * @return one to share
   */
  public static PushClient create(Vertx vertx) {
    return create(vertx, PushClientOptions.DEFAULT);
  }

  /**
   * A client that asks as it is told.
   *
   * @param vertx whose event bus leads to the server
   * @param options where the server is, and how long to wait
   * @return one to share
   * @throws NullPointerException when one is null
   */
  public static PushClient create(Vertx vertx, PushClientOptions options) {
    return new PushClient(
        Objects.requireNonNull(vertx, "vertx"), Objects.requireNonNull(options, "options"));
  }

  /**
   * Sends a push and waits for its end, for as long as the options say for its event: by default 74
   * seconds for a call, 2 hours and 10 seconds for a message; shorter when the message says after
   * what time it is answered. Most pushes end within a tenth of a second. The server answers 202
   * before the end ({@link PushResult#isAccepted}) where the message, or the operator, wants so.
   *
   * @param message what to send
   * @return completes with how the push ended, or with why it was not accepted; fails with {@link
   *     NoReplyException}
   * @throws NullPointerException when there is no message
   */
  public Future<PushResult> send(PushMessage message) {
    return send(message, options.timeout(message));
  }

  /**
   * The same with a time-out for this push alone. It does not shorten the life of the push: the
   * server goes on after it.
   *
   * @param message what to send
   * @param timeout a millisecond at least
   * @return as {@link #send(PushMessage)}
   * @throws NullPointerException when one is null
   * @throws IllegalArgumentException when the time-out is shorter
   */
  public Future<PushResult> send(PushMessage message, Duration timeout) {
    return push(message, true, PushClientOptions.positive(timeout, "timeout"));
  }

  /**
   * Hands a push over and does not wait for its end, of which {@link #results} tells.
   *
   * @param message what to send
   * @return completes when the push was accepted ({@link PushResult#isAccepted}), or with why it
   *     was not; fails with {@link NoReplyException}
   * @throws NullPointerException when there is no message
   */
  public Future<PushResult> submit(PushMessage message) {
    return push(message, false, options.submitTimeout());
  }

  /**
   * Listens to how pushes end: all pushes of the server, whoever had sent them, but for those that
   * joined an equal one.
   *
   * @param handler is told each end, on the context of whoever called this; what it throws goes to
   *     that context's exception handler
   * @return listens until it is closed
   * @throws NullPointerException when there is no handler
   */
  public ResultSubscription results(Handler<PushEnd> handler) {
    Objects.requireNonNull(handler, "handler");
    return new ResultSubscription(
        bus()
            .<JsonObject>consumer(
                address("results"), message -> handler.handle(PushEnd.of(message.body()))));
  }

  /**
   * Asks how the server is: its applications, whether each can send and why not, and their
   * deadlines.
   *
   * @return completes with the JSON of {@code /health/ready}, also when the server cannot send; of
   *     a server that wants keys, who shows none is told little of it. Fails with {@link
   *     NoReplyException}
   */
  public Future<JsonObject> status() {
    return ask(
        address("status"), new JsonObject(), delivery(options.submitTimeout()), PushClient::json);
  }

  /**
   * Registers a device under an account, or renews it; so that pushes can be asked for by the
   * account alone.
   *
   * @param account of the callee, {@code user@domain}
   * @param device what its app says
   * @return completes when it is safe, or with why it is not; fails with {@link NoReplyException}
   * @throws NullPointerException when one is null
   */
  public Future<AccountResult> register(String account, DeviceRegistration device) {
    return ofAccount("add", account, device.toJson(), options.submitTimeout());
  }

  /**
   * Forgets a device of an account.
   *
   * @param account as it was registered
   * @param appId of its app
   * @param deviceId as it was registered
   * @return completes when it is gone, or with why not ({@link AccountResult#isUnknown}); fails
   *     with {@link NoReplyException}
   * @throws NullPointerException when one is null
   */
  public Future<AccountResult> unregister(String account, String appId, String deviceId) {
    JsonObject body =
        new JsonObject()
            .put(PushMessage.APP_ID, Objects.requireNonNull(appId, "appId"))
            .put(PushMessage.DEVICE_ID, Objects.requireNonNull(deviceId, "deviceId"));
    return ofAccount("remove", account, body, options.submitTimeout());
  }

  /**
   * Sends a push to all devices of an account, and waits for the end of all of them, as {@link
   * #send(PushMessage)} does.
   *
   * @param account as they were registered
   * @param message made with {@link PushMessage#event(String)}: its devices are those of the
   *     account
   * @return completes with how each push ended, or with why there was none; fails with {@link
   *     NoReplyException}
   * @throws NullPointerException when one is null
   */
  public Future<AccountResult> sendTo(String account, PushMessage message) {
    return ofAccount("push", account, message.toJson(), options.timeout(message));
  }

  /**
   * The same for one device of the account.
   *
   * @param account as it was registered
   * @param deviceId as it was registered
   * @param message as for all of them
   * @return as for all of them
   * @throws NullPointerException when one is null
   */
  public Future<AccountResult> sendTo(String account, String deviceId, PushMessage message) {
    JsonObject body =
        message.toJson().put(PushMessage.DEVICE_ID, Objects.requireNonNull(deviceId, "deviceId"));
    return ofAccount("push", account, body, options.timeout(message));
  }

  /**
   * The devices of an account, their tokens cut. It needs an API key with the right {@code tokens},
   * also where nothing else needs one.
   *
   * @param account as they were registered
   * @return completes with {@code data.devices} in its reply, which may be none; fails with {@link
   *     NoReplyException}
   * @throws NullPointerException when it is null
   */
  public Future<AccountResult> devices(String account) {
    return ofAccount("list", account, new JsonObject(), options.submitTimeout());
  }

  private Future<AccountResult> ofAccount(
      String call, String account, JsonObject body, Duration timeout) {
    return ask(
        address("tokens." + call),
        body.put("account", Objects.requireNonNull(account, "account")).toBuffer(),
        delivery(timeout).addHeader(WAIT, "true"),
        reply -> AccountResult.of(json(reply), reply.headers()));
  }

  private Future<PushResult> push(PushMessage message, boolean wait, Duration timeout) {
    JsonObject json = message.toJson();
    if (!wait) {
      // What an operator has set for all that say nothing is longer.
      json.put(WAIT, 0);
    }
    DeliveryOptions delivery = delivery(timeout).addHeader(WAIT, Boolean.toString(wait));
    return ask(
        address("push"),
        json.toBuffer(),
        delivery,
        reply -> PushResult.of(json(reply), reply.headers()));
  }

  private <T> Future<T> ask(
      String address, Object body, DeliveryOptions delivery, Function<Message<Object>, T> reader) {
    Future<Message<Object>> asked;
    try {
      asked = bus().request(address, body, delivery);
    } catch (IllegalStateException | RejectedExecutionException e) {
      // Vert.x has been closed.
      asked = Future.failedFuture(e);
    }
    return asked
        .recover(
            cause -> Future.failedFuture(NoReplyException.of(cause, address, timeout(delivery))))
        .map(reply -> read(address, reply, reader));
  }

  private static <T> T read(
      String address, Message<Object> reply, Function<Message<Object>, T> reader) {
    try {
      return reader.apply(reply);
    } catch (IllegalArgumentException | DecodeException e) {
      throw NoReplyException.notUnderstood(address, "has given an answer that is none", e);
    }
  }

  private static JsonObject json(Message<Object> reply) {
    if (reply.body() instanceof Buffer bytes) {
      return new JsonObject(bytes);
    }
    if (reply.body() instanceof JsonObject json) {
      return json;
    }
    throw new IllegalArgumentException("neither a Buffer nor a JsonObject: " + reply.body());
  }

  private DeliveryOptions delivery(Duration timeout) {
    DeliveryOptions delivery = new DeliveryOptions().setSendTimeout(timeout.toMillis());
    if (options.sender() != null) {
      delivery.addHeader(SENDER, options.sender());
    }
    if (options.apiKey() != null) {
      delivery.addHeader(API_KEY, options.apiKey());
    }
    return delivery;
  }

  private static Duration timeout(DeliveryOptions delivery) {
    return Duration.ofMillis(delivery.getSendTimeout());
  }

  private String address(String what) {
    return options.prefix() + "." + what;
  }

  private EventBus bus() {
    return vertx.eventBus();
  }
}
