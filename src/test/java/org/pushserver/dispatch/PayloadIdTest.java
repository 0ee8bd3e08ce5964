// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.pushserver.linphone.LinphoneApple;
import org.pushserver.linphone.LinphoneFirebase;
import org.pushserver.push.Event;
import org.pushserver.push.Push;
import org.pushserver.spi.PayloadMaker;
import org.pushserver.spi.SamplePush;
import org.pushserver.sylk.SylkApple;
import org.pushserver.sylk.SylkFirebase;

/** What an app finds in its payload when its application has {@code payload_id = yes}. */
class PayloadIdTest {
  private static JsonObject made(PayloadMaker maker, Push push) {
    return new JsonObject(maker.make(push, SamplePush.BORN).body());
  }

  @Test
  void anAppleAppFindsThemInTheOutermostObjectAndAllElseIsAsItWas() {
    for (PayloadMaker maker : List.of(new SylkApple(), new LinphoneApple())) {
      for (Event event : List.of(Event.INCOMING_SESSION, Event.WAKE)) {
        Push push = SamplePush.of(event).push();
        JsonObject identified = made(maker.identified().orElseThrow(), push);
        assertEquals(push.id().toString(), identified.remove("push-id"));
        assertEquals(push.deadline(), identified.getLong("expires-at"));
        identified.remove("expires-at");
        assertEquals(made(maker, push), identified);
        assertEquals(
            maker.make(push, SamplePush.BORN).headers(),
            maker.identified().orElseThrow().make(push, SamplePush.BORN).headers());
      }
    }
  }

  @Test
  void anAndroidAppFindsThemAsTextsInDataAndAllElseIsAsItWas() {
    for (PayloadMaker maker : List.of(new SylkFirebase(), new LinphoneFirebase())) {
      Push push = SamplePush.of(Event.INCOMING_SESSION).push();
      JsonObject identified = made(maker.identified().orElseThrow(), push);
      JsonObject data = identified.getJsonObject("message").getJsonObject("data");
      assertEquals(push.id().toString(), data.remove("push-id"));
      assertEquals(Long.toString(push.deadline()), data.remove("expires-at"));
      assertEquals(made(maker, push), identified);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"push-id", "expires-at"})
  void withoutItNothingOfThemIsThere(String name) {
    Push push = SamplePush.of(Event.INCOMING_SESSION).push();
    for (PayloadMaker maker : List.of(new SylkApple(), new SylkFirebase())) {
      assertFalse(made(maker, push).encode().contains(name));
    }
  }
}
