// SPDX-License-Identifier: GPL-3.0-or-later
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.PemTrustOptions;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.pushserver.push.Answer;
import org.pushserver.push.Answer.Fault;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.Condition;
import org.pushserver.spi.ConfigException;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Doubling;
import org.pushserver.spi.NotSentException;
import org.pushserver.spi.Payload;
import org.pushserver.spi.Problem;
import org.pushserver.spi.PushService;
import org.pushserver.spi.PushServiceProvider;
import org.pushserver.spi.RetryAfter;
import org.pushserver.spi.Setting;
import org.pushserver.spi.Time;

/**
 * A custom push service: posts each notification to a URL of yours. Use it as it is with {@code
 * app_platform = mypns}, or copy it, and give the class, the file and {@link #platform} another
 * name. The notification itself comes from the application type: with {@code app_type = template}
 * it is whatever you write into a file.
 *
 * <p>Keys of its section in applications.ini:
 *
 * <ul>
 *   <li>{@code url}: where to, {@code https://} or {@code http://}; needed
 *   <li>{@code bearer_token}: sent as {@code Authorization: Bearer …}
 *   <li>{@code ca_file}: PEM file of authorities to trust instead of the system's
 *   <li>{@code max_connections}: how many requests at a time; 4 without it
 * </ul>
 *
 * <p>The receiver should answer soon with one of these; where a push comes a second time, its
 * Idempotency-Key is the same:
 *
 * <table>
 *   <caption>What becomes of an answer</caption>
 *   <tr><td>2xx</td><td>delivered</td></tr>
 *   <tr><td>410</td><td>the device's token is dead: the caller should forget it</td></tr>
 *   <tr><td>408, 425, 429, 5xx</td><td>sent again later, after Retry-After if there is one</td></tr>
 *   <tr><td>401, 403, 404, 405, 3xx</td><td>refused: the section is wrong</td></tr>
 *   <tr><td>any other</td><td>refused: the push is wrong</td></tr>
 * </table>
 */
public final class MyPns implements PushServiceProvider {
  @Override
  public String platform() {
    return "mypns";
  }

  /** So a misspelt key is told, and the application is made anew when its file has changed. */
  @Override
  public Optional<List<Setting>> settings() {
    return Optional.of(
        List.of(
            Setting.text("url").needed("say where notifications are to be posted"),
            Setting.text("bearer_token"),
            Setting.file("ca_file")));
  }

  /** Reads and checks the section. This may block: it runs on a worker thread. */
  @Override
  public PushService create(AppConfig config, Consumer<Problem> warnings) throws ConfigException {
    List<Problem> errors = new ArrayList<>();
    URI url = url(config, errors);
    Path ca = config.path("ca_file").orElse(null);
    if (ca != null && !Files.isReadable(ca)) {
      errors.add(config.error("ca_file", ca + ": there is no such file, or it may not be read"));
    }
    if (!errors.isEmpty()) {
      throw new ConfigException(errors);
    }
    String token = config.setting("bearer_token").map(String::strip).orElse(null);
    if (token != null && url.getScheme().equals("http")) {
      warnings.accept(config.warning("url", "sends the bearer_token without encryption"));
    }
    return new Service(url, token, ca, config.delivery());
  }

  private static URI url(AppConfig config, List<Problem> errors) {
    Optional<String> text = config.setting("url").map(String::strip);
    if (text.isEmpty()) {
      return null; // The server says so: it is needed.
    }
    try {
      URI url = new URI(text.get());
      if (List.of("http", "https").contains(String.valueOf(url.getScheme()))
          && url.getHost() != null
          && url.getUserInfo() == null) {
        return url;
      }
    } catch (URISyntaxException e) {
      // Told below.
    }
    errors.add(config.error("url", "must be like https://host/path, without a user in it"));
    return null;
  }

  /**
   * The way of one application to its URL. All of it happens on one event loop: never block here.
   */
  private static final class Service implements PushService {
    private static final Doubling PAUSE = new Doubling(500, 30_000);
    private static final int BODY_KEPT = 16 * 1024;
    private static final int REASON_SHOWN = 200;

    private final URI url;
    private final String token;
    private final Path ca;
    private final int connections;
    private final Duration timeout;

    private HttpClient client;
    private Time time;
    private Runnable changed;
    private int failures;
    private String down;

    Service(URI url, String token, Path ca, Delivery delivery) {
      this.url = url;
      this.token = token;
      this.ca = ca;
      connections = delivery.maxConnections();
      timeout = delivery.requestTimeout();
    }

    @Override
    public Future<Void> open(Vertx vertx, Time newTime, Runnable newChanged) {
      time = newTime;
      changed = newChanged;
      HttpClientOptions options =
          new HttpClientOptions()
              .setSsl(url.getScheme().equals("https"))
              .setConnectTimeout((int) timeout.toMillis());
      if (ca != null) {
        options.setTrustOptions(new PemTrustOptions().addCertPath(ca.toString()));
      }
      client = vertx.createHttpClient(options, new PoolOptions().setHttp1MaxSize(connections));
      return Future.succeededFuture();
    }

    /** While nobody can be reached, pushes wait with the server, in order, and cost no attempt. */
    @Override
    public int window() {
      return down == null ? connections : 0;
    }

    @Override
    public Condition condition() {
      return down == null ? Condition.CONNECTED : new Condition(Condition.State.CONNECTING, down);
    }

    /** Only what failed before the request was written is certain not to have been seen. */
    @Override
    public Future<Answer> send(Push push, Payload payload) {
      return client
          .request(request(push, payload))
          .recover(cause -> Future.failedFuture(notConnected(cause)))
          .compose(request -> exchange(request, payload.body()));
    }

    private RequestOptions request(Push push, Payload payload) {
      RequestOptions request =
          new RequestOptions()
              .setMethod(HttpMethod.POST)
              .setAbsoluteURI(url.toString())
              .putHeader("content-type", "application/json")
              .putHeader("idempotency-key", push.id().toString());
      if (token != null) {
        request.putHeader("authorization", "Bearer " + token);
      }
      payload.headers().forEach(request::putHeader);
      return request;
    }

    private NotSentException notConnected(Throwable cause) {
      failures++;
      if (down == null) {
        down = url.getHost() + " cannot be reached: " + cause.getMessage();
        time.timer(PAUSE.delay(failures, ThreadLocalRandom.current()), this::tryAgain);
        changed.run();
      }
      return new NotSentException(down, cause);
    }

    private void tryAgain() {
      down = null;
      changed.run();
    }

    private Future<Answer> exchange(HttpClientRequest request, Buffer body) {
      failures = 0;
      Promise<Answer> end = Promise.promise();
      long timer =
          time.timer(
              timeout.toMillis(),
              () -> {
                end.tryFail("no answer within " + timeout.toMillis() + " ms");
                request.reset();
              });
      request
          .send(body)
          .compose(response -> text(response).map(text -> answer(response, text)))
          .onComplete(
              (answer, cause) -> {
                time.cancel(timer);
                if (cause == null) {
                  end.tryComplete(answer);
                } else {
                  end.tryFail(cause);
                }
              });
      return end.future();
    }

    /** The beginning of the answer's body; a stranger may send any amount. */
    private static Future<Buffer> text(HttpClientResponse response) {
      Buffer kept = Buffer.buffer();
      response.handler(
          chunk -> {
            int room = BODY_KEPT - kept.length();
            kept.appendBuffer(chunk, 0, Math.min(room, chunk.length()));
          });
      return response.end().map(kept);
    }

    /** Callers get the code as their status, so it is one that means something to them. */
    private Answer answer(HttpClientResponse response, Buffer body) {
      int status = response.statusCode();
      int code = status / 100 == 2 ? 200 : status / 100 == 3 ? 502 : status;
      Response said = new Response(code, reason(response, body), url.toString(), json(body));
      return switch (status) {
        case 410 -> new Answer.DeadToken(said);
        case 401, 403, 404, 405 -> new Answer.Refused(said, Fault.APPLICATION);
        case 408, 425, 429 -> later(response, said);
        default ->
            switch (status / 100) {
              case 2 -> new Answer.Delivered(said);
              case 3 -> new Answer.Refused(said, Fault.APPLICATION);
              case 5 -> later(response, said);
              default -> new Answer.Refused(said, Fault.PUSH);
            };
      };
    }

    /** After a 502 or 504 of a gateway, what is behind it may have got the push nevertheless. */
    private Answer later(HttpClientResponse response, Response said) {
      Duration after = RetryAfter.parse(response.getHeader("retry-after"), time.now());
      boolean mayHaveArrived = response.statusCode() == 502 || response.statusCode() == 504;
      return new Answer.Later(said, after, mayHaveArrived);
    }

    private static String reason(HttpClientResponse response, Buffer body) {
      if (response.statusCode() / 100 == 2) {
        return "";
      }
      String text = response.statusCode() + " " + response.statusMessage() + ": " + body;
      String line = text.replaceAll("\\p{Cntrl}+", " ");
      return line.length() <= REASON_SHOWN ? line : line.substring(0, REASON_SHOWN) + "…";
    }

    /** What callers get as the service's answer has to be a JSON object. */
    private static String json(Buffer body) {
      try {
        return new JsonObject(body).encode();
      } catch (DecodeException e) {
        return "{}";
      }
    }

    @Override
    public Future<Void> close() {
      return client == null ? Future.succeededFuture() : client.close();
    }
  }
}
