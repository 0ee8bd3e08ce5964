// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.pushserver.config.ApiKey;
import org.pushserver.push.AppKey;
import org.pushserver.push.Event;
import org.pushserver.push.Outcome;
import org.pushserver.push.Outcome.Result;
import org.pushserver.push.Push;
import org.pushserver.push.Response;
import org.pushserver.spi.SamplePush;

class DeadTokensTest {
  private static final long START = SamplePush.BORN;

  private final DeadTokens tokens = new DeadTokens(START);

  private void end(String callId, Result result) {
    end(SamplePush.of(Event.INCOMING_SESSION).callId(callId).push(), result);
  }

  private void end(Push push, Result result) {
    tokens.ended(push, new Outcome(result, new Response(410, "", "", "{}"), 1), START + 5);
  }

  private JsonObject after(long number) {
    return tokens.after(number, app -> true).toJsonObject();
  }

  private static List<String> calls(JsonObject told) {
    JsonArray dead = told.getJsonArray("dead");
    return dead.stream().map(one -> ((JsonObject) one).getString("call-id")).toList();
  }

  @Test
  void onlyDeadTokensAreRemembered() {
    end("c1", Result.DELIVERED);
    end("c2", Result.DEAD_TOKEN);
    end("c3", Result.REFUSED);
    JsonObject told = after(0);
    assertEquals(List.of("c2"), calls(told));
    JsonObject one = told.getJsonArray("dead").getJsonObject(0);
    assertEquals("token-1234567890", one.getString("token"));
    assertEquals("com.example.phone", one.getString("app-id"));
    assertEquals("apple", one.getString("platform"));
    assertEquals("2027-01-15T08:00:00.005Z", one.getString("time"));
    assertFalse(one.containsKey("device-id"));
  }

  @Test
  void whoAsksAgainGetsWhatCameSince() {
    end("c1", Result.DEAD_TOKEN);
    end("c2", Result.DEAD_TOKEN);
    JsonObject first = after(0);
    assertEquals(List.of("c1", "c2"), calls(first));
    long next = first.getLong("next");
    assertEquals(List.of(), calls(after(next)));
    assertEquals(next, after(next).getLong("next"));
    end("c3", Result.DEAD_TOKEN);
    JsonObject second = after(next);
    assertEquals(List.of("c3"), calls(second));
    assertFalse(second.getBoolean("missed"));
  }

  @Test
  void whoComesTooLateIsToldSo() {
    end("c0", Result.DEAD_TOKEN);
    long next = after(0).getLong("next");
    for (int i = 0; i < DeadTokens.MOST + 1; i++) {
      end("c", Result.DEAD_TOKEN);
    }
    JsonObject told = after(next);
    assertTrue(told.getBoolean("missed"));
    assertFalse(after(0).getBoolean("missed"));
  }

  @Test
  void theNumberOfAServerBeforeIsNoMistakeButWhatThatKnewIsGone() {
    end("c1", Result.DEAD_TOKEN);
    for (long other : new long[] {START - 1_000, START + 1_000_000}) {
      JsonObject told = after(other);
      assertEquals(List.of("c1"), calls(told));
      assertTrue(told.getBoolean("missed"));
    }
    assertFalse(after(START).getBoolean("missed"));
  }

  @Test
  void aKeySeesTheTokensOfItsApplicationsAlone() {
    end(
        SamplePush.of(Event.CANCEL).appId("com.example.other").callId("o").push(),
        Result.DEAD_TOKEN);
    end("c1", Result.DEAD_TOKEN);
    AppKey mine = new AppKey("com.example.phone", AppKey.APPLE);
    ApiKey key = new ApiKey("pbx", "00".repeat(32), false, Set.of(), Set.of(mine));
    JsonObject told = tokens.after(0, key::opens).toJsonObject();
    assertEquals(List.of("c1"), calls(told));
    assertEquals(after(0).getLong("next"), told.getLong("next"));
  }

  @Test
  void oneAnswerIsBoundedAndTheNextGoesOn() {
    for (int i = 0; i < 2_000; i++) {
      end("c" + i, Result.DEAD_TOKEN);
    }
    int found = 0;
    int answers = 0;
    long next = 0;
    for (JsonObject told = after(0); !calls(told).isEmpty(); told = after(next)) {
      assertEquals("c" + found, calls(told).get(0));
      found += calls(told).size();
      next = told.getLong("next");
      answers++;
    }
    assertEquals(2_000, found);
    assertTrue(answers > 1);
  }
}
