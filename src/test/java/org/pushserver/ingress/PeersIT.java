// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.ForeignDoor;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Push;

/**
 * What programs that are not ours have sent, byte for byte, and what they were answered and took
 * for good; {@code src/test/resources/peers/README.md} says which programs, and how.
 */
@Timeout(60)
class PeersIT {
  private static final ScriptedDispatcher.Type EVERY_EVENT =
      new ScriptedDispatcher.Type(
          "sylk",
          List.of(Event.INCOMING_SESSION, Event.CANCEL, Event.MESSAGE, Event.WAKE),
          Optional.empty());

  @RegisterExtension
  private final ForeignSender peer =
      ForeignSender.at(
          ForeignDoor.MATRIX, ForeignDoor.GORUSH, ForeignDoor.MONGOOSEPUSH, ForeignDoor.MATTERMOST);

  static Stream<Named<JsonObject>> exchanges() {
    return Stream.of("dendrite", "gorush", "mattermost", "mongooseim", "synapse")
        .flatMap(PeersIT::of);
  }

  private static Stream<Named<JsonObject>> of(String peer) {
    try (InputStream in = PeersIT.class.getResourceAsStream("/peers/" + peer + ".jsonl");
        BufferedReader lines = new BufferedReader(new InputStreamReader(in, UTF_8))) {
      return lines
          .lines()
          .map(JsonObject::new)
          .map(exchange -> Named.of(peer + ": " + exchange.getString("name"), exchange))
          .toList()
          .stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("exchanges")
  void whatAPeerSentIsAnsweredAsItUnderstands(JsonObject exchange) throws IOException {
    for (String platform : List.of(AppKey.APPLE, AppKey.FIREBASE)) {
      peer.door.dispatcher.with(ForeignSender.APP, platform, EVERY_EVENT);
    }
    peer.door.dispatcher.deliverWith(
        push ->
            Future.succeededFuture(
                push.device().token().startsWith("dead")
                    ? ForeignSender.DEAD
                    : ForeignSender.TAKEN));

    RawClient.Answer answer = peer.exchange(exchange.getString("request"));

    String[] recorded = exchange.getString("answer").split("\r\n\r\n", 2);
    assertEquals(recorded[1], answer.body());
    assertEquals(recorded[0].split(" ", 3)[1], Integer.toString(answer.status()));
    assertEquals(
        recorded[0].contains("content-type: application/json\r\n") ? "application/json" : null,
        answer.headers().get("content-type"));
    assertEquals(
        exchange.getJsonArray("pushes"),
        new JsonArray(peer.pushes().stream().map(PeersIT::told).toList()));
  }

  /** All that a push says, and for how many seconds. */
  private static JsonObject told(Push push) {
    return new JsonObject()
        .put("event", push.event().name())
        .put("platform", push.app().platform())
        .put("app", push.app().appId())
        .put("token", push.device().token())
        .put("without_voip", push.device().withoutVoip())
        .put("call_id", push.callId())
        .put("from", push.details().from())
        .put("name", push.details().fromDisplayName())
        .put("to", push.details().to())
        .put("media", push.details().mediaType())
        .put("badge", push.details().badge())
        .put("reason", push.details().reason())
        .put("content", push.details().content())
        .put("seconds", (push.deadline() - push.bornAt()) / 1000);
  }
}
