// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.micrometer.core.instrument.Counter;
import io.vertx.core.Promise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.pushserver.api.SampleRequest;
import org.pushserver.api.ScriptedDispatcher;
import org.pushserver.config.Access;
import org.pushserver.config.AddressList;
import org.pushserver.config.ApiKey;
import org.pushserver.config.ApiKeys;
import org.pushserver.config.KeyHash;
import org.pushserver.config.Limits;
import org.pushserver.config.Rate;
import org.pushserver.push.Outcome;

/** What the door counts: every answer, every refusal and why, and who is inside. */
@Timeout(60)
class IngressCountsIT {
  private static final String NARROW = KeyHash.newKey();
  private static final Limits TIGHT =
      new Limits(1024, 8192, Duration.ofSeconds(60), 1, 3, 1024, 200, 250, Rate.UNLIMITED);

  @RegisterExtension
  private final TestIngress door = TestIngress.open(ScriptedDispatcher.withSamples());

  private int ask(byte[] request) throws IOException {
    try (RawClient client = new RawClient(door.port())) {
      return client.exchange(request).status();
    }
  }

  private int ask(String head) throws IOException {
    return ask((head + "\r\nHost: door\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
  }

  private int push(SampleRequest request) throws IOException {
    return ask(RawClient.post("/push", request.bytes()));
  }

  /** Counted on the door's only event loop, in the order of the requests. */
  private double answered(String path, int status) throws IOException {
    assertEquals(200, ask("GET /docs HTTP/1.1"));
    return count("pushserver.requests", "path", path, "status", Integer.toString(status));
  }

  private double refused(int status, String reason) {
    return count(
        "pushserver.requests.refused", "status", Integer.toString(status), "reason", reason);
  }

  @Test
  void aDeviceThatIsRefusedByItselfIsCountedThoughItsRequestGoesOn() throws IOException {
    String contacts =
        "event=incoming_session&call-id=1&from=a&to=b&media-type=audio"
            + "&contact=sip:b@x;pn-provider=fcm;pn-param=com.example.phone;pn-prid=t1"
            + "&contact=sip:b@x;pn-provider=fcm;pn-param=com.example.none;pn-prid=t2";
    assertEquals(
        200,
        ask(
            RawClient.post(
                "/push", contacts.replace(";", "%3B").getBytes(StandardCharsets.US_ASCII))));
    assertEquals(1, door.dispatcher.pushes().size());
    assertEquals(1, refused(404, "application"));
  }

  private double count(String name, String... tags) {
    Counter counter = door.counts.find(name).tags(tags).counter();
    return counter == null ? 0 : counter.count();
  }

  private double gauge(String name) {
    return door.counts.get(name).gauge().value();
  }

  @Test
  void everyAnswerIsCountedByPathAndStatusAndWhatDoesNotExistIsOther() throws IOException {
    assertEquals(200, push(SampleRequest.apple()));
    assertEquals(200, push(SampleRequest.firebase()));
    assertEquals(200, ask("GET / HTTP/1.1"));
    assertEquals(200, ask(RawClient.post("/push/", SampleRequest.apple().bytes())));
    assertEquals(404, ask("GET /made-up-1 HTTP/1.1"));
    assertEquals(404, ask("GET /made-up-2 HTTP/1.1"));
    assertEquals(3, answered("/push", 200));
    assertEquals(1, answered("/", 200));
    assertEquals(2, answered("other", 404));
    assertTrue(
        door.counts.getMeters().stream().noneMatch(m -> m.getId().toString().contains("made-up")));
  }

  @Test
  void everyRefusalIsCountedByStatusAndReason() throws IOException {
    assertEquals(400, push(SampleRequest.apple().without("event")));
    assertEquals(404, push(SampleRequest.apple().withText("app-id", "nobody.knows")));
    assertEquals(404, ask("GET /nothing HTTP/1.1"));
    assertEquals(405, ask("GET /push HTTP/1.1"));
    assertEquals(414, ask("GET /" + "x".repeat(5000) + " HTTP/1.1"));
    assertEquals(1, refused(400, "malformed"));
    assertEquals(1, refused(404, "application"));
    assertEquals(1, refused(404, "path"));
    assertEquals(1, refused(405, "method"));
    assertEquals(1, refused(414, "too_long"));
    assertEquals(1, answered("/push", 400));
    assertEquals(1, answered("/push", 405));
  }

  @Test
  void strangersAreCountedByWhatTheyLack() throws IOException {
    ApiKeys keys =
        ApiKeys.of(
            List.of(
                new ApiKey(
                    "narrow",
                    HexFormat.of().formatHex(new KeyHash().of(NARROW)),
                    false,
                    Set.of("org.example.lin"),
                    Set.of())));
    apply(new Access(AddressList.ALL, AddressList.NONE, keys), Limits.DEFAULT);
    assertEquals(401, push(SampleRequest.apple()));
    byte[] body = SampleRequest.apple().bytes();
    String head =
        "POST /push HTTP/1.1\r\nHost: door\r\nX-Api-Key: %s\r\nContent-Length: %s\r\n\r\n";
    try (RawClient client = new RawClient(door.port())) {
      client.send(head.formatted(NARROW, body.length));
      client.send(body);
      assertEquals(403, client.receive().status());
    }
    apply(
        new Access(AddressList.parse("10.0.0.0/8"), AddressList.NONE, ApiKeys.OPEN),
        Limits.DEFAULT);
    assertEquals(403, push(SampleRequest.apple()));
    assertEquals(1, refused(401, "key"));
    assertEquals(1, refused(403, "key_scope"));
    assertEquals(1, refused(403, "address"));
  }

  private void apply(Access access, Limits limits) {
    assertEquals(List.of(), await(door.apply(TestIngress.settings(null, true, access, limits))));
  }

  @Test
  void whoIsInsideAndWhoWaitsIsShown() throws IOException {
    assertEquals(0, gauge("pushserver.callers.waiting"));
    Promise<Void> arrived = Promise.promise();
    Promise<Outcome> end = Promise.promise();
    door.dispatcher.deliverWith(
        push -> {
          arrived.complete();
          return end.future();
        });
    try (RawClient client = new RawClient(door.port())) {
      client.send(RawClient.post("/push", SampleRequest.apple().bytes()));
      await(arrived.future());
      assertEquals(1, gauge("pushserver.callers.waiting"));
      assertEquals(1, gauge("pushserver.client.connections"));
      end.complete(ScriptedDispatcher.DELIVERED);
      assertEquals(200, client.receive().status());
      assertEquals(0, gauge("pushserver.callers.waiting"));

      assertEquals(10_000, gauge("pushserver.client.connections.limit"));
      apply(Access.OPEN, TIGHT);
      assertEquals(1, gauge("pushserver.client.connections.limit"));
      try (RawClient another = new RawClient(door.port())) {
        another.send("GET / HTTP/1.1\r\nHost: door\r\n\r\n");
        assertThrows(IOException.class, another::receive);
      }
      assertEquals(1, count("pushserver.client.connections.refused"));
    }
  }
}
