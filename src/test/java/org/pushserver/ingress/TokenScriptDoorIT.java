// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.pushserver.fake.Await.await;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
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
import org.pushserver.config.Right;
import org.pushserver.fake.Command;

/** The script pushclient-v2 and the door that it asks. */
@Timeout(60)
class TokenScriptDoorIT {
  private static final String KEY = KeyHash.newKey();
  private static final String ACCOUNT = "zoë@example.com";
  private static final String[] ADD = {
    "add",
    "--appid",
    "com.example.phone",
    "--platform",
    "android",
    "--token",
    SampleRequest.FCM_TOKEN,
    "--deviceid",
    "<urn:uuid:d1>",
    "--silent",
    "0",
    "--user_agent",
    "Voice \"3\""
  };
  private static final String[] REMOVE = {
    "remove", "--appid", "com.example.phone", "--deviceid", "<urn:uuid:d1>"
  };
  private static final String[] PUSH = {
    "push", "--callid", "c1", "--from", "sip:a@example.com", "--to", "sip:b@example.com"
  };

  @RegisterExtension
  private final TestIngress door = TestIngress.open(ScriptedDispatcher.withSamples());

  private String url() {
    return "http://127.0.0.1:" + door.port();
  }

  private Command.Ended run(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(List.of("bin/pushclient-v2", "--url", url(), "--account", ACCOUNT));
    command.addAll(List.of(arguments));
    return Command.of(command).with(Map.of("PUSHSERVER_API_KEY", KEY)).run();
  }

  /** That it was answered so; gives the answer. */
  private JsonObject answered(String beginning, int status, Command.Ended ended) {
    String line = beginning + " - " + status + ": ";
    assertTrue(ended.said().startsWith(line), ended.said());
    assertEquals(status / 100 == 2 ? 0 : 1, ended.code(), ended.said());
    return new JsonObject(ended.said().substring(line.length()));
  }

  @Test
  void aDeviceIsAddedRungAndRemoved() throws Exception {
    String path = url() + "/v2/tokens/zo%c3%ab@example.com";
    JsonObject added = answered("Add request to " + path, 200, run(ADD));
    assertEquals("d1", added.getString("device-id"));
    assertEquals("firebase", added.getString("platform"));
    assertEquals(false, added.getBoolean("silent"));
    assertEquals("Voice \"3\"", added.getString("user-agent"));
    assertEquals(ACCOUNT, door.tokens.stored().get(0).account());

    JsonObject rung = answered("Push request to " + path + "/push", 200, run(PUSH));
    assertEquals(200, rung.getJsonArray("data").getJsonObject(0).getInteger("code"));
    List<String> one = new ArrayList<>(List.of(PUSH));
    one.addAll(List.of("--deviceid", "<urn:uuid:d1>", "--event", "cancel", "--reason", "busy"));
    JsonObject cancelled =
        answered(
            "Push request to " + path + "/push/%3curn%3auuid%3ad1%3e",
            200,
            run(one.toArray(String[]::new)));
    assertEquals("c1", cancelled.getJsonArray("data").getJsonObject(0).getString("call_id"));
    assertEquals(2, door.dispatcher.pushes().size());

    assertEquals(
        new JsonObject().put("app-id", "com.example.phone").put("device-id", "<urn:uuid:d1>"),
        answered("Remove request to " + path, 200, run(REMOVE)));
    assertEquals(List.of(), door.tokens.stored());
    assertEquals(
        "User not found",
        answered("Remove request to " + path, 404, run(REMOVE)).getString("result"));
    assertEquals(
        "Push request was not sent: user not found",
        answered("Push request to " + path + "/push", 404, run(PUSH)).getString("description"));
  }

  @Test
  void itShowsTheKeyOfItsEnvironment() throws Exception {
    String hash = HexFormat.of().formatHex(new KeyHash().of(KEY));
    ApiKey key =
        new ApiKey(
            "tenant", hash, true, Set.of(), Set.of(), Set.of(Right.TOKENS), Set.of("example.com"));
    Access access = new Access(AddressList.ALL, AddressList.NONE, ApiKeys.of(List.of(key)));
    assertEquals(
        List.of(), await(door.apply(TestIngress.settings(null, true, access, Limits.DEFAULT))));
    assertEquals(0, run(ADD).code());
    Command.Ended refused = run(PUSH);
    assertEquals(1, refused.code());
    assertTrue(refused.said().contains("has no right 'push'"), refused.said());
  }
}
