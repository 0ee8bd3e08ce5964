// SPDX-License-Identifier: GPL-3.0-or-later
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import org.pushserver.bus.NoReplyException;
import org.pushserver.bus.PushClient;
import org.pushserver.bus.PushClientOptions;
import org.pushserver.bus.PushMessage;
import org.pushserver.bus.PushResult;

/**
 * Rings a phone when somebody presses a bell, by {@code POST /ring}, and says what came of it. This
 * one uses {@link PushClient}; {@link JsonWebhook} does the same without.
 *
 * <pre>{@code
 * curl -s http://127.0.0.1:8080/ring -d '{"platform": "firebase", "token": "phone-of-bob"}'
 * }</pre>
 */
public final class ClientWebhook extends VerticleBase {
  private PushClient pushes;
  private HttpServer server;

  @Override
  public Future<?> start() {
    pushes = PushClient.create(vertx, PushClientOptions.DEFAULT.withSender("bell"));
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
        .map(ClientWebhook::ring)
        .compose(pushes::send)
        .onSuccess(result -> answer(request.response(), result))
        .onFailure(failure -> fail(request.response(), failure));
  }

  private static PushMessage ring(Buffer body) {
    JsonObject phone = body.toJsonObject();
    return PushMessage.ring(
            "com.example.phone", phone.getString("platform"), phone.getString("token"))
        .callId("bell-" + System.currentTimeMillis())
        .from("sip:bell@example.com", "Front door")
        .to("sip:bob@example.com")
        .mediaType("audio")
        .build();
  }

  private static void answer(HttpServerResponse response, PushResult result) {
    if (result.isDeadToken()) {
      // The place to forget result.token(): the app was removed, or has another token now.
      response.putHeader("x-forget", result.token());
    }
    if (result.mayRetry()) {
      response.putHeader("retry-after", Integer.toString(Math.max(1, result.retryAfter())));
    }
    response.setStatusCode(result.code()).end(result.description() + "\n");
  }

  /** There is no server, it has not answered, or what was asked of us is wrong. */
  private static void fail(HttpServerResponse response, Throwable failure) {
    int status = failure instanceof NoReplyException ? 503 : 400;
    response.setStatusCode(status).end(failure.getMessage() + "\n");
  }
}
