// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.plugin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.spi.AppConfig;
import org.pushserver.spi.ApplicationType;
import org.pushserver.spi.Delivery;
import org.pushserver.spi.Payload;
import org.pushserver.spi.SamplePush;
import org.pushserver.sylk.SylkApplication;
import org.pushserver.template.TemplateApplication;

/** What the samples in conf/ say that they do. */
class SamplesTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final ApplicationType myApp = SampleFiles.type("myapp");

  private static Payload make(ApplicationType type, String platform, Push push) {
    return type.payloadMaker(platform).orElseThrow().make(push, push.bornAt());
  }

  private static ObjectNode told(ApplicationType type, String platform, Push push)
      throws JsonProcessingException {
    return (ObjectNode) JSON.readTree(make(type, platform, push).body().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {AppKey.APPLE, AppKey.FIREBASE})
  void myAppIsSylkButForWhatDiffers(String platform) throws Exception {
    for (Event event : List.of(Event.INCOMING_SESSION, Event.CANCEL, Event.TRANSFER)) {
      Push push = SamplePush.of(event).push();
      assertEquals(
          told(new SylkApplication(), platform, push), told(myApp, platform, push), event::name);
      assertEquals(
          make(new SylkApplication(), platform, push).headers(),
          make(myApp, platform, push).headers());
    }
  }

  @Test
  void myAppTellsTheTenantOfACall() throws Exception {
    Push push = SamplePush.of(Event.INCOMING_SESSION).extra("tenant", "acme").push();
    assertEquals("acme", told(myApp, AppKey.APPLE, push).get("tenant").textValue());
    assertEquals("acme", told(myApp, AppKey.FIREBASE, push).at("/message/data/tenant").textValue());
  }

  @Test
  void myAppDeliversMessagesAtOnceWithItsOwnTitle() throws Exception {
    Push push = SamplePush.of(Event.MESSAGE).content("hi").push();
    assertEquals("10", make(myApp, AppKey.APPLE, push).headers().get("apns-priority"));
    JsonNode alert = told(myApp, AppKey.APPLE, push).at("/aps/alert");
    assertEquals("Message for sip:bob@example.com", alert.get("title").textValue());
    assertEquals("hi", alert.get("body").textValue());
  }

  @Test
  void myAppSaysWhatItWantsOfRequests() {
    assertTrue(myApp.wantsExtraFields());
    assertEquals(List.of("audio", "video", "chat"), myApp.mediaTypes());
    assertEquals(
        List.of("call-id", "from", "to", "media-type", "content"),
        myApp.requiredFields(Event.MESSAGE));
    assertNotEquals(
        myApp.requiredFields(Event.MESSAGE), myApp.requiredFields(Event.INCOMING_SESSION));
  }

  /** The three templates of one doorbell; that they load at all is most of the test. */
  @ParameterizedTest
  @CsvSource({
    "apple, doorbell-apple.json, /caller, /door",
    "firebase, doorbell-firebase.json, /message/data/caller, /message/data/door",
    "mypns, doorbell-mypns.json, /from/name, /door"
  })
  void theTemplatesTellWhoIsAtWhichDoor(String platform, String file, String caller, String door)
      throws Exception {
    AppConfig section =
        SampleFiles.section(
            "template",
            platform,
            Map.of(
                "payload_template",
                "templates/" + file,
                "events",
                "incoming_session, cancel, message"),
            Delivery.DEFAULT);
    ApplicationType type =
        new TemplateApplication()
            .configure(
                section,
                SampleFiles.provider(platform),
                warning -> {
                  throw new AssertionError(warning);
                });
    Push push = SamplePush.of(Event.INCOMING_SESSION).extra("door", "front").push();
    JsonNode told = told(type, platform, push);
    assertEquals("Alice", told.at(caller).textValue());
    assertEquals("front", told.at(door).textValue());
  }
}
