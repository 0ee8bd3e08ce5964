// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Where our notifications differ from the recorded ones, and why. The order is that of applying.
 */
enum GoldenDifference {
  EXPIRATION("apns-expiration is a date; the recorded lifetime lies in 1970") {
    @Override
    boolean apply(GoldenNotification sent) {
      JsonNode lifetime = sent.headers().get("apns-expiration");
      if (lifetime == null) {
        return false;
      }
      long bornAt = sent.push().bornAt() / 1000;
      long end = Math.min(bornAt + lifetime.asLong(), sent.push().deadline() / 1000);
      sent.headers().put("apns-expiration", Long.toString(end));
      return true;
    }
  },

  CONTENT_AVAILABLE("a background push without content-available in aps does not wake the app") {
    @Override
    boolean apply(GoldenNotification sent) {
      if (!sent.headers().path("apns-push-type").asText().equals("background")) {
        return false;
      }
      sent.body().putObject("aps").put("content-available", 1);
      return true;
    }
  },

  LOC_ARGS("Apple takes the arguments of a localised text as an array") {
    @Override
    boolean apply(GoldenNotification sent) {
      if (!(sent.body().at("/aps/alert") instanceof ObjectNode alert)
          || !alert.path("loc-args").isTextual()) {
        return false;
      }
      String from = alert.get("loc-args").textValue();
      alert.putArray("loc-args").add(from);
      return true;
    }
  },

  LEGACY("a legacy key's message is made as v1; the push service makes the old form of it") {
    @Override
    boolean apply(GoldenNotification sent) {
      JsonNode to = sent.body().remove("to");
      if (to == null) {
        return false;
      }
      JsonNode data = sent.body().get("data").deepCopy();
      sent.body().removeAll();
      ObjectNode message = sent.body().putObject("message");
      message.set("token", to);
      message.set("data", data);
      message.putObject("android").put("priority", "high").put("ttl", "60s");
      return true;
    }
  },

  NESTED_DATA("FCM refuses a message with an object in data") {
    @Override
    boolean apply(GoldenNotification sent) {
      return replaceInData(sent, JsonNode::isObject);
    }
  },

  NULL_DATA("FCM refuses a message with a null in data") {
    @Override
    boolean apply(GoldenNotification sent) {
      return replaceInData(sent, JsonNode::isNull);
    }
  };

  private final String reason;

  GoldenDifference(String reason) {
    this.reason = reason;
  }

  /** Changes what was recorded into what we expect; false when it is not concerned. */
  abstract boolean apply(GoldenNotification sent);

  /** Applies all, and tells which of them were concerned. */
  static Set<GoldenDifference> applyAll(GoldenNotification sent) {
    Set<GoldenDifference> concerned = EnumSet.noneOf(GoldenDifference.class);
    for (GoldenDifference difference : values()) {
      if (difference.apply(sent)) {
        concerned.add(difference);
      }
    }
    return concerned;
  }

  /** Objects become their JSON text, nulls go. */
  private static boolean replaceInData(GoldenNotification sent, Predicate<JsonNode> which) {
    if (!(sent.body().at("/message/data") instanceof ObjectNode data)) {
      return false;
    }
    boolean any = false;
    for (Iterator<String> names = data.deepCopy().fieldNames(); names.hasNext(); ) {
      String name = names.next();
      JsonNode value = data.get(name);
      if (which.test(value)) {
        any = true;
        if (value.isNull()) {
          data.remove(name);
        } else {
          data.put(name, value.toString());
        }
      }
    }
    return any;
  }

  @Override
  public String toString() {
    return name() + ": " + reason;
  }
}
