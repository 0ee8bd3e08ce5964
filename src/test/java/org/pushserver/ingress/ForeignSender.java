// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.pushserver.fake.Await.await;

import io.vertx.core.Future;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.Access;
import org.pushserver.config.AddressList;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.ForeignDoor;
import org.pushserver.config.ForeignDoors;
import org.pushserver.config.Limits;
import org.pushserver.config.Rate;
import org.pushserver.config.ServerSettings;
import org.pushserver.config.Tls;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;

/** A foreign sender, and a server whose doors are open for it. */
final class ForeignSender implements AfterEachCallback {
  static final String APP = "com.example.phone";

  /** By what the server waits for the end of a push before it answers. */
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** As far as a sender sees it, the push service took it, will never take it, and so on. */
  static final Outcome TAKEN = ScriptedDispatcher.DELIVERED;

  static final Outcome DEAD = ended(Outcome.Result.DEAD_TOKEN, 410, "Unregistered");
  static final Outcome REFUSED = ended(Outcome.Result.REFUSED, 400, "BadTopic");
  static final Outcome EXPIRED = ended(Outcome.Result.EXPIRED, 503, "Shutdown");
  static final Outcome OVERLOADED = ended(Outcome.Result.OVERLOADED, 503, "too many pushes wait");

  final TestIngress door;
  private final ServerSettings started;
  private final RawClient client;

  private ForeignSender(ServerSettings settings) {
    started = settings;
    door = TestIngress.open(ScriptedDispatcher.withSamples(), settings);
    try {
      client = new RawClient(door.port());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that needs no key. */
  static ForeignSender at(ForeignDoor... doors) {
    return at(ApiKeys.OPEN, doors);
  }

  static ForeignSender at(ApiKeys keys, ForeignDoor... doors) {
    Access access = new Access(AddressList.ALL, AddressList.NONE, keys);
    return new ForeignSender(
        settings(TestIngress.settings(null, true, access, Limits.DEFAULT), doors));
  }

  /** Settings of a server that speaks TLS. */
  static ServerSettings secure(Tls tls, ForeignDoor... doors) {
    return settings(TestIngress.settings(tls, true, Access.OPEN, Limits.DEFAULT), doors);
  }

  private static ServerSettings settings(ServerSettings settings, ForeignDoor... doors) {
    Map<ForeignDoor, String> applications =
        Map.of(ForeignDoor.GORUSH, APP, ForeignDoor.MONGOOSEPUSH, APP, ForeignDoor.MATTERMOST, APP);
    return settings.with(new ForeignDoors(Set.of(doors), applications, PATIENCE));
  }

  static Outcome ended(Outcome.Result result, int code, String reason) {
    return new Outcome(result, new Response(code, reason, "", "{}"), 1);
  }

  /** Lets senders send only so many pushes from now on. */
  void limitTo(int perSecond, int burst) {
    Limits usual = Limits.DEFAULT;
    Limits limits =
        new Limits(
            usual.maxBody(),
            usual.maxHeaders(),
            usual.idleTimeout(),
            usual.maxClients(),
            usual.maxDepth(),
            usual.maxString(),
            usual.maxResets(),
            usual.maxRequests(),
            new Rate(perSecond, burst));
    ServerSettings limited = TestIngress.settings(null, true, Access.OPEN, limits);
    assertEquals(List.of(), await(door.apply(limited.with(started.doors()))));
  }

  /** What comes of every further push. */
  void pushesEnd(Outcome outcome) {
    door.dispatcher.deliverWith(push -> Future.succeededFuture(outcome));
  }

  /** Sends bytes and reads an answer. */
  RawClient.Answer exchange(String request) throws IOException {
    return client.exchange(request.getBytes(StandardCharsets.UTF_8));
  }

  /** Sends without waiting for the answer. */
  void send(String path, String body) throws IOException {
    client.send(RawClient.post(path, body.getBytes(StandardCharsets.UTF_8)));
  }

  RawClient.Answer receive() throws IOException {
    return client.receive();
  }

  /** Posts a body. */
  RawClient.Answer post(String path, String body) throws IOException {
    return client.exchange(RawClient.post(path, body.getBytes(StandardCharsets.UTF_8)));
  }

  List<Push> pushes() {
    return door.dispatcher.pushes();
  }

  /** The only push that came of what was sent. */
  Push push() {
    assertEquals(1, pushes().size());
    return pushes().get(0);
  }

  @Override
  public void afterEach(ExtensionContext test) throws IOException {
    client.close();
    door.close();
  }
}
