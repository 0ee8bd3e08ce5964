// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLEncoder;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.pushserver.contact.ContactHeader;
import org.pushserver.fake.ManualTime;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;
import org.pushserver.push.Response;

/** What it costs to make a push of a form, to read a contact, and to answer with a form. */
@State(Scope.Benchmark)
public class FormBenchmark {
  private static final Map<String, String> CALL =
      Map.of(
          "app-id", "com.example.phone",
          "platform", "apple",
          "token", SampleRequest.APPLE_TOKEN,
          "call-id", "Y2NlNzg0@192.0.2.1",
          "from", "sip:alice@example.com",
          "to", "sip:bob@example.com",
          "event", "incoming_session",
          "media-type", "audio",
          "silent", "true");

  private static final String CONTACT =
      "<sip:bob@192.0.2.10:46502;pn-prid=cXf3aBcDeFg:APA91bExampleToken_0-1;pn-provider=fcm;"
          + "pn-param=929724111839;pn-silent=1;pn-timeout=0;transport=tls>;"
          + "+sip.instance=\"<urn:uuid:11111111-2222-3333-4444-555555555555>\"";

  private final PushReader reader =
      new PushReader(ScriptedDispatcher.withSamples(), new ManualTime());
  private final byte[] body =
      CALL.entrySet().stream()
          .map(field -> field.getKey() + "=" + URLEncoder.encode(field.getValue(), UTF_8))
          .collect(Collectors.joining("&"))
          .getBytes(UTF_8);
  private final Push push =
      reader.read(SampleRequest.apple().bytes(), SampleRequest.JSON, SampleRequest.CALLER).push();
  private final Outcome delivered =
      new Outcome(
          Outcome.Result.DELIVERED,
          new Response(200, "OK", "https://api.push.apple.com/3/device/6688ff9c", "{}"),
          1);

  /** The request of a call. */
  @Benchmark
  public Object form() {
    return reader.read(FormReader.read(body, "body", 65_536), SampleRequest.CALLER);
  }

  /** The Contact of a phone. */
  @Benchmark
  public Object contact() {
    return ContactHeader.read(CONTACT);
  }

  /** The answer to a push that was delivered. */
  @Benchmark
  public Object formAnswer() {
    return RequestAnswer.outcome(push, delivered).encoded(true);
  }
}
