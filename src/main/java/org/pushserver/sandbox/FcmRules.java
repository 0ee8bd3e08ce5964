// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What Google checks of the body of an HTTP v1 request. Pure; any thread.
 *
 * <p>Names may be written with underscores or in camel case, as everywhere in Google's JSON.
 */
final class FcmRules {
  private static final int MAX_DATA = 4096;
  private static final BigDecimal MAX_TTL_S = BigDecimal.valueOf(2_419_200);
  private static final Pattern TTL = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?s");
  private static final Set<String> ROOT = Set.of("message", "validate_only");
  private static final Set<String> TARGETS = Set.of("token", "topic", "condition", "fid");
  private static final Set<String> MESSAGE =
      Set.of(
          "name",
          "data",
          "notification",
          "android",
          "webpush",
          "apns",
          "fcm_options",
          "token",
          "topic",
          "condition",
          "fid");
  private static final Set<String> ANDROID =
      Set.of(
          "collapse_key",
          "priority",
          "ttl",
          "restricted_package_name",
          "data",
          "notification",
          "fcm_options",
          "direct_boot_ok",
          "bandwidth_constrained_ok",
          "restricted_satellite_ok");

  private FcmRules() {}

  /** One field that is wrong. */
  record Violation(String field, String description) {}

  /** Everything wrong with a body; empty when nothing is. */
  static List<Violation> check(JsonObject body) {
    List<Violation> found = new ArrayList<>();
    unknown(body, ROOT, "", found);
    if (!(body.getValue("message") instanceof JsonObject message)) {
      found.add(new Violation("message", "must be an object"));
      return found;
    }
    unknown(message, MESSAGE, "message.", found);
    target(message, found);
    size(message, data(message, "message.data", found), found);
    notification(message, found);
    android(message, found);
    apnsHeaders(message, found);
    return found;
  }

  private static void unknown(
      JsonObject object, Set<String> known, String path, List<Violation> found) {
    for (String name : object.fieldNames()) {
      if (!known.contains(snake(name))) {
        found.add(new Violation(path + name, "Cannot find field."));
      }
    }
  }

  private static String snake(String name) {
    return name.replaceAll("([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  private static void target(JsonObject message, List<Violation> found) {
    long targets = TARGETS.stream().filter(message::containsKey).count();
    if (targets != 1 || !(message.getValue("token") instanceof String token) || token.isEmpty()) {
      found.add(
          new Violation(
              "message.token", "exactly one target, a token, is needed; text, not empty"));
    }
  }

  /** Checks a map of text to text; returns the bytes in it. */
  private static int data(JsonObject holder, String path, List<Violation> found) {
    Object value = holder.getValue("data");
    if (value == null) {
      return 0;
    }
    if (!(value instanceof JsonObject data)) {
      found.add(new Violation(path, "must be an object"));
      return 0;
    }
    int bytes = 0;
    int index = 0;
    for (Map.Entry<String, Object> entry : data) {
      String key = entry.getKey();
      if (isReserved(key)) {
        found.add(new Violation(path + "[" + index + "].key", "reserved key: " + key));
      }
      if (entry.getValue() instanceof String text) {
        bytes += bytes(key) + bytes(text);
      } else {
        found.add(
            new Violation(path + "[" + index + "].value", "(TYPE_STRING), " + entry.getValue()));
      }
      index++;
    }
    return bytes;
  }

  private static boolean isReserved(String key) {
    return Set.of("from", "gcm", "message_type").contains(key) || key.startsWith("google");
  }

  private static void size(JsonObject message, int dataBytes, List<Violation> found) {
    int bytes = dataBytes;
    if (message.getValue("notification") instanceof JsonObject notification) {
      for (Map.Entry<String, Object> entry : notification) {
        bytes += bytes(entry.getKey()) + bytes(String.valueOf(entry.getValue()));
      }
    }
    if (bytes > MAX_DATA) {
      found.add(new Violation("message", "Message is too big: " + bytes + " bytes"));
    }
  }

  private static void notification(JsonObject message, List<Violation> found) {
    Object value = message.getValue("notification");
    if (value instanceof JsonObject notification) {
      unknown(notification, Set.of("title", "body", "image"), "message.notification.", found);
      texts(notification, "message.notification.", found);
    } else if (value != null) {
      found.add(new Violation("message.notification", "must be an object"));
    }
  }

  private static void android(JsonObject message, List<Violation> found) {
    Object value = message.getValue("android");
    if (value == null) {
      return;
    }
    if (!(value instanceof JsonObject android)) {
      found.add(new Violation("message.android", "must be an object"));
      return;
    }
    unknown(android, ANDROID, "message.android.", found);
    ttl(android.getValue("ttl"), found);
    Object priority = android.getValue("priority");
    if (priority != null && !Set.of("high", "normal", "HIGH", "NORMAL").contains(priority)) {
      found.add(new Violation("message.android.priority", "must be high or normal: " + priority));
    }
    int bytes = data(android, "message.android.data", found);
    if (bytes > MAX_DATA) {
      found.add(new Violation("message.android.data", "too big: " + bytes + " bytes"));
    }
  }

  private static void ttl(Object ttl, List<Violation> found) {
    if (ttl == null) {
      return;
    }
    boolean good = ttl instanceof String text && TTL.matcher(text).matches() && isInRange(text);
    if (!good) {
      found.add(new Violation("message.android.ttl", "must be 0s to 2419200s: " + ttl));
    }
  }

  private static boolean isInRange(String ttl) {
    return new BigDecimal(ttl.substring(0, ttl.length() - 1)).compareTo(MAX_TTL_S) <= 0;
  }

  private static void apnsHeaders(JsonObject message, List<Violation> found) {
    if (message.getValue("apns") instanceof JsonObject apns
        && apns.getValue("headers") instanceof JsonObject headers) {
      texts(headers, "message.apns.headers.", found);
    }
  }

  private static void texts(JsonObject object, String path, List<Violation> found) {
    for (Map.Entry<String, Object> entry : object) {
      if (!(entry.getValue() instanceof String)) {
        found.add(new Violation(path + entry.getKey(), "(TYPE_STRING), " + entry.getValue()));
      }
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
