// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.Future;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.pushserver.dispatch.OtherServers;
import org.pushserver.dispatch.RecentPushes;
import org.pushserver.events.PushListener;
import org.pushserver.fake.ManualTime;
import org.pushserver.fake.MemoryTrail;
import org.pushserver.observe.Meters;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.spi.SamplePush;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailBusyException;
import org.pushserver.trail.TrailEnd;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailFollower;
import org.pushserver.trail.TrailNote;
import org.pushserver.trail.TrailPage;
import org.pushserver.trail.TrailQuery;
import org.pushserver.trail.TrailScope;
import org.pushserver.trail.TrailStep;
import org.pushserver.trail.TrailStep.What;

/** What is kept in the trail of what a phone says, and what of old pushes is found there. */
class AckApiTest {
  private final ManualTime time = new ManualTime(SamplePush.BORN);
  private final RecentPushes recent = new RecentPushes(time);
  private final MemoryTrail trail = new MemoryTrail();
  private final Meters meters = new Meters(time);
  private final AckApi api =
      new AckApi(recent, Optional.of(trail), OtherServers.NONE, meters.acks(), time);

  @AfterEach
  void close() {
    meters.close();
  }

  private JsonObject ack(String json) {
    Future<ApiResponse> answer = api.acknowledge(new AskedPush(json));
    assertTrue(answer.succeeded(), () -> String.valueOf(answer.cause()));
    return new JsonObject(answer.result().body()).getJsonObject("data");
  }

  private int refused(String json) {
    Future<ApiResponse> answer = api.acknowledge(new AskedPush(json));
    return assertInstanceOf(RequestRefused.class, answer.cause()).status();
  }

  private TrailEntry entry(Push push, String event, TrailStep... steps) {
    return new TrailEntry(
        push.id(),
        time.now(),
        time.now() + 50,
        TrailEnd.DELIVERED,
        push.app(),
        event,
        push.callId(),
        "sip:alice@example.com",
        "bob@example.com",
        "phone-1",
        "abc...",
        7,
        "192.0.2.7",
        200,
        "",
        1,
        List.of(steps),
        "");
  }

  @Test
  void theTrailKeepsWhenAndHowLongAndWhoSaysSo() {
    Push ring = SamplePush.of(Event.INCOMING_SESSION).push();
    recent.accepted(ring, true);
    time.advance(Duration.ofMillis(1_500));
    String said = Instant.ofEpochMilli(SamplePush.BORN + 900).toString();
    JsonObject told =
        ack(
            new JsonObject()
                .put("id", ring.id().toString())
                .put("woken-at", said)
                .put("displayed_at", "now")
                .encode());
    assertEquals(900, told.getLong("woken-ms"));
    assertEquals(1_500, told.getLong("displayed-ms"));
    List<TrailNote> notes = trail.notes();
    assertEquals(
        List.of(What.WOKEN, What.DISPLAYED), notes.stream().map(n -> n.step().what()).toList());
    assertEquals(ring.id(), notes.get(0).push());
    assertEquals(ring.callId(), notes.get(0).callId());
    assertEquals(SamplePush.BORN + 900, notes.get(0).step().at());
    assertEquals(900, notes.get(0).step().tookMs());
    assertTrue(notes.get(0).step().text().startsWith("said by "));
  }

  @Test
  void anOldPushIsFoundInTheTrailByItsCallId() {
    Push ring = SamplePush.of(Event.INCOMING_SESSION).callId("old").push();
    Push message = SamplePush.of(Event.MESSAGE).callId("old").push();
    trail.put(entry(ring, "incoming_session"));
    trail.put(entry(message, "message"));
    String ack = new JsonObject().put("call-id", "old").encode();
    assertEquals(ring.id().toString(), ack(ack).getString("id"));
    assertEquals(1, trail.notes().size());
    assertEquals(404, refused(new JsonObject().put("id", ring.id().toString()).encode()));
    assertEquals(
        404,
        refused(
            new JsonObject()
                .put("call-id", "old")
                .put("id", UUID.randomUUID().toString())
                .encode()));
    assertEquals(404, refused(new JsonObject().put("call-id", "none").encode()));
  }

  @Test
  void whatTheTrailHasIsNoNews() {
    Push ring = SamplePush.of(Event.INCOMING_SESSION).callId("old").push();
    trail.put(entry(ring, "incoming_session", TrailStep.of(What.WOKEN, time.now(), "")));
    JsonObject told = ack(new JsonObject().put("call-id", "old").encode());
    assertEquals(ring.id().toString(), told.getString("id"));
    assertEquals(List.of(), trail.notes());
  }

  @Test
  void whoAsksWhileTooManySearchIsToAskAgain() {
    Trail busy =
        new Trail() {
          @Override
          public PushListener listener() {
            return new PushListener() {};
          }

          @Override
          public void refused(TrailEntry entry) {}

          @Override
          public void note(TrailNote note) {}

          @Override
          public Future<TrailPage> search(TrailQuery query) {
            return Future.failedFuture(new TrailBusyException());
          }

          @Override
          public Runnable follow(TrailScope scope, TrailFollower reader) {
            return () -> {};
          }
        };
    AckApi searched = new AckApi(recent, Optional.of(busy), OtherServers.NONE, meters.acks(), time);
    Future<ApiResponse> one = searched.acknowledge(new AskedPush("{\"call-id\":\"old\"}"));
    assertEquals(503, assertInstanceOf(RequestRefused.class, one.cause()).status());
    Future<ApiResponse> several =
        searched.acknowledge(
            new AskedPush("{\"acks\":[{\"call-id\":\"old\"},{\"call-id\":\"older\"}]}"));
    assertTrue(several.succeeded(), () -> String.valueOf(several.cause()));
  }
}
