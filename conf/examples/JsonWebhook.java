// SPDX-License-Identifier: GPL-3.0-or-later
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.ReplyException;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/**
 * Rings a phone when somebody presses a bell, as {@link ClientWebhook} does, with nothing but JSON
 * and the event bus: no class of Pushserver is needed.
 *
 * <pre>{@code
 * curl -s http://127.0.0.1:8080/ring -d '{"platform": "firebase", "token": "phone-of-bob"}'
 * }</pre>
 */
public final class JsonWebhook extends VerticleBase {
  /** A call is answered within 64 s at the latest; unless told, Vert.x waits for 30 only. */
  private static final long TIMEOUT_MS = 74_000;

  private HttpServer server;

  @Override
  public Future<?> start() {
    server = vertx.createHttpServer().requestHandler(this::pressed);
    return server.listen(config().getInteger("port", 8080), "127.0.0.1");
  }

  /** The port it listens on, which the system chose when 0 was configured. */
  public int port() {
    return server.actualPort();
  }

  private void pressed(HttpServerRequest request) {
    request
        .body()
        .map(JsonWebhook::ring)
        .compose(this::push)
        .onSuccess(reply -> answer(request.response(), reply))
        .onFailure(failure -> fail(request.response(), failure));
  }

  private static JsonObject ring(Buffer body) {
    JsonObject phone = body.toJsonObject();
    return new JsonObject()
        .put("app-id", "com.example.phone")
        .put("platform", phone.getString("platform"))
        .put("token", phone.getString("token"))
        .put("event", "incoming_session")
        .put("call-id", "bell-" + System.currentTimeMillis())
        .put("from", "sip:bell@example.com")
        .put("from-display-name", "Front door")
        .put("to", "sip:bob@example.com")
        .put("media-type", "audio");
  }

  private Future<Message<JsonObject>> push(JsonObject ring) {
    DeliveryOptions delivery =
        new DeliveryOptions()
            .addHeader("wait", "true")
            .addHeader("sender", "bell")
            .setSendTimeout(TIMEOUT_MS);
    return vertx.eventBus().request("pushserver.push", ring, delivery);
  }

  private static void answer(HttpServerResponse response, Message<JsonObject> reply) {
    int code = reply.body().getInteger("code");
    if (code == 410) {
      // The place to forget the token: the app was removed, or has another one now.
      response.putHeader("x-forget", reply.body().getJsonObject("data").getString("token"));
    }
    if (reply.headers().contains("retry-after")) {
      response.putHeader("retry-after", reply.headers().get("retry-after"));
    }
    response.setStatusCode(code).end(reply.body().getString("description") + "\n");
  }

  /** There is no server, it has not answered, or what was asked of us is wrong. */
  private static void fail(HttpServerResponse response, Throwable failure) {
    int status = failure instanceof ReplyException ? 503 : 400;
    response.setStatusCode(status).end(failure.getMessage() + "\n");
  }
}
