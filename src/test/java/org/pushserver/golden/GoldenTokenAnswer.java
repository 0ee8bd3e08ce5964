// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumSet;
import java.util.Set;

/**
 * Where what comes of a request of stored tokens differs from what was recorded, and why; as {@link
 * GoldenAnswer}. What differs in the notifications stands in {@link GoldenDifference} here, too.
 */
enum GoldenTokenAnswer {
  ACCOUNT("01|32", "an account that is not known is not found, and no crash") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      ObjectNode answer = object().put("code", 404);
      answer.put("description", "Push request was not sent: user not found");
      answer.putObject("data").put("account", recorded.path().split("/", -1)[3]);
      expected.answered(404, answer);
    }
  },

  BACKGROUND("07", "what does not ring goes to the background token, a transfer, too") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      expected.token("bgtoken-rest");
    }
  },

  DEVICE("10", "the id that was asked for is told, and not that of another device") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      expected.data().put("device_id", "nope");
    }
  },

  SPELLING("11", "a device is found by both spellings of its id") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      expected.like("v2/09-push-device-stripped-id");
    }
  },

  RIGHT_ID("13", "a device is found by its right id") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      expected.like("v2/14-push-device-truncated-d");
    }
  },

  MANGLED("12|27|39|51|53|59|61", "nothing but the prefix is taken off a device-id") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      ((ObjectNode) expected.answer()).set("device-id", request(recorded).get("device-id"));
    }
  },

  ORDER("15|16|25", "devices are answered in a stable order, by app-id and device-id") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      ArrayNode data = (ArrayNode) expected.answer().get("data");
      data.add(data.remove(0));
    }
  },

  REFUSED_EACH("17|18|19", "each device is asked; that its application refuses is one element") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      ArrayNode data = refusals(expected);
      refusal(data, "firebase", "fcmtok-with-dash");
      refusal(data, "apple", "voiptoken");
    }
  },

  REFUSED_ONE("55", "as for several devices") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      refusal(refusals(expected), "apple", "lt");
    }
  },

  SHAPE("23|47|57", "the caller gets the same shape of answer, whoever refuses") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      expected.refused(expected.status());
    }
  },

  CRASH("24|46", "wrong input is the caller's mistake, not the server's") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      expected.refused(400);
    }
  },

  TAKEN("29", "200 when any device took the push, whatever the last of them came to") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      expected.answered(200, ((ObjectNode) expected.answer()).put("code", 200));
    }
  },

  TIME(
      "25",
      "a device that registered after the time that Apple names stays; played without that time") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      expected
          .answer()
          .findParents("timestamp")
          .forEach(body -> ((ObjectNode) body).remove("timestamp"));
    }
  },

  OWN_WORDS("37|38", "messages name the field, its value and what is allowed") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      expected.refused(expected.status());
    }
  },

  APPLE_WORDS("25|29|30", "what a reason means is explained in our own words") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      for (JsonNode device : expected.answer().get("data")) {
        String reason = device.get("reason").textValue().split(" - ", 2)[0];
        if (!reason.equals(device.get("reason").textValue())) {
          ((ObjectNode) device).put("reason", reason + " - " + GoldenExpected.OWN_WORDS);
        }
      }
    }
  },

  REMOVED("43|49", "a device is removed by its right id, in both spellings") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      expected.answered(200, request(recorded));
    }
  },

  GONE("45|50|58", "what was removed before is gone; a trailing slash is handled") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      expected.answered(404, object().put("result", "User not found"));
    }
  },

  LIST("56", "devices are listed, for who shows an API key") {
    @Override
    void change(GoldenCase recorded, GoldenExpected expected) {
      expected.refused(403);
    }
  };

  private final String numbers;
  private final String reason;

  GoldenTokenAnswer(String numbers, String reason) {
    this.numbers = numbers;
    this.reason = reason;
  }

  abstract void change(GoldenCase recorded, GoldenExpected expected);

  private boolean concerns(GoldenCase recorded) {
    return recorded.id().matches("v2/(" + numbers + ")-.*");
  }

  /** Changes what was recorded into what we expect, and tells which were concerned. */
  static Set<GoldenTokenAnswer> applyAll(GoldenCase recorded, GoldenExpected expected) {
    Set<GoldenTokenAnswer> concerned = EnumSet.noneOf(GoldenTokenAnswer.class);
    for (GoldenTokenAnswer difference : values()) {
      if (difference.concerns(recorded)) {
        difference.change(recorded, expected);
        concerned.add(difference);
      }
    }
    return concerned;
  }

  private static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  private static JsonNode request(GoldenCase recorded) {
    return GoldenCase.parse(recorded.body().toString());
  }

  private static ArrayNode refusals(GoldenExpected expected) {
    ObjectNode answer = object().put("code", 400).put("description", GoldenExpected.OWN_WORDS);
    ArrayNode data = answer.putArray("data");
    expected.answered(400, answer);
    return data;
  }

  private static void refusal(ArrayNode data, String platform, String token) {
    data.addObject()
        .put("code", 400)
        .put("reason", GoldenExpected.OWN_WORDS)
        .put("url", "")
        .put("platform", platform)
        .put("call_id", "cid-1")
        .put("token", token)
        .putObject("body");
  }

  @Override
  public String toString() {
    return name() + ": " + reason;
  }
}
