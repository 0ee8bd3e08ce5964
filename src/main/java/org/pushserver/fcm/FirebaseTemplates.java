// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fcm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.pushserver.push.Push;
import org.pushserver.spi.TemplateRules;

/** Notifications from templates: the whole message of HTTP v1. */
final class FirebaseTemplates implements TemplateRules {
  private static final List<String> RESERVED = List.of("from", "gcm", "message_type");

  @Override
  public Notifications notifications(EventSettings settings) {
    return new Messages();
  }

  private static final class Messages implements Notifications {
    @Override
    public Optional<String> problem(JsonNode notification, Push push, long ttl) {
      JsonNode message = notification.path("message");
      if (!message.path("token").asText().equals(push.device().token())) {
        return Optional.of(
            "it lacks \"message\": {\"token\": \"{{token}}\"}, without which it reaches no device");
      }
      if (!message.at("/android/ttl").asText().equals(ttl + "s")) {
        return Optional.of(
            "it lacks \"android\": {\"ttl\": \"{{ttl}}s\"} in \"message\", without which a phone"
                + " rings when the call is long over");
      }
      for (Map.Entry<String, JsonNode> entry : message.path("data").properties()) {
        String key = entry.getKey();
        if (!entry.getValue().isTextual()) {
          return Optional.of(
              "the value of \"" + key + "\" in \"data\" is no string; Firebase takes nothing else");
        }
        if (RESERVED.contains(key) || key.startsWith("google")) {
          return Optional.of("Firebase does not accept the key \"" + key + "\" in \"data\"");
        }
      }
      return Optional.empty();
    }
  }
}
