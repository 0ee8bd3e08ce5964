// SPDX-License-Identifier: GPL-3.0-or-later
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import org.pushserver.PushServerVerticle;

/**
 * A service with a push server of its own in the same process, and no port for pushes: they come
 * over the event bus alone.
 *
 * <pre>{@code
 * mvn compile exec:java -Dexec.args="/etc/pushserver"
 * }</pre>
 */
public final class BellService {
  private BellService() {}

  /**
   * Starts.
   *
   * @param args the configuration directory of the server, with {@code applications.ini}
   */
  public static void main(String[] args) {
    Vertx vertx = Vertx.vertx();
    start(vertx, args[0], new ClientWebhook(), 8080)
        .onSuccess(started -> System.out.println("POST to http://127.0.0.1:8080/ring"))
        .onFailure(
            failure -> {
              System.err.println(failure.getMessage());
              vertx.close();
            });
  }

  /** The server first: before it is deployed, nobody takes a push. */
  static Future<?> start(Vertx vertx, String configDirectory, VerticleBase webhook, int port) {
    JsonObject server =
        new JsonObject().put("config_dir", configDirectory).put("http", false).put("admin", false);
    JsonObject ours = new JsonObject().put("port", port);
    return vertx
        .deployVerticle(new PushServerVerticle(server))
        .compose(started -> vertx.deployVerticle(webhook, new DeploymentOptions().setConfig(ours)));
  }
}
