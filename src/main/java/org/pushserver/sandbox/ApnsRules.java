// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import static java.util.Map.entry;

import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * What Apple checks of a request, its credentials aside. Pure; any thread.
 *
 * <p>Facts from Apple's "Sending notification requests to APNs" and "Handling notification
 * responses from APNs". Where these name no reason (push type against topic or payload, a payload
 * that is no JSON object) the nearest one is given.
 */
final class ApnsRules {
  private static final String PREFIX = "/3/device/";
  private static final int MAX_PAYLOAD = 4096;
  private static final int MAX_VOIP_PAYLOAD = 5120;
  private static final int MAX_COLLAPSE_ID = 64;
  private static final long OLDEST_EXPIRATION_S = 3600;
  private static final Pattern HEX = Pattern.compile("([0-9a-fA-F]{2})+");
  private static final Pattern SECONDS = Pattern.compile("\\d{1,18}");
  private static final Pattern UUID =
      Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

  /** Push types and what each appends to the bundle ID. */
  private static final Map<String, String> SUFFIXES =
      Map.ofEntries(
          entry("alert", ""),
          entry("background", ""),
          entry("mdm", ""),
          entry("voip", ".voip"),
          entry("complication", ".complication"),
          entry("fileprovider", ".pushkit.fileprovider"),
          entry("liveactivity", ".push-type.liveactivity"),
          entry("location", ".location-query"),
          entry("pushtotalk", ".voip-ptt"),
          entry("controls", ".push-type.controls"),
          entry("widgets", ".push-type.widgets"));

  private static final Set<String> UNIQUE =
      Set.of(
          "authorization",
          "apns-topic",
          "apns-push-type",
          "apns-priority",
          "apns-expiration",
          "apns-collapse-id",
          "apns-id");

  private final Predicate<String> bundleIds;

  /**
   * @param bundleIds those that the credentials cover
   */
  ApnsRules(Predicate<String> bundleIds) {
    this.bundleIds = bundleIds;
  }

  /** A refusal, as Apple words it. */
  record Refusal(int status, String reason) {
    static Refusal bad(String reason) {
      return new Refusal(400, reason);
    }
  }

  /**
   * The first thing wrong with a request.
   *
   * @param credentials judges the credentials; asked after method, path and duplicate headers
   * @return empty when nothing is wrong
   */
  Optional<Refusal> check(Inbound request, Function<Inbound, Optional<Refusal>> credentials) {
    return method(request)
        .or(() -> duplicates(request.headers()))
        .or(() -> credentials.apply(request))
        .or(() -> token(request))
        .or(() -> topic(request.headers()))
        .or(() -> priority(request.headers()))
        .or(() -> expiration(request.headers(), request.time()))
        .or(() -> identifiers(request.headers()))
        .or(() -> payload(request))
        .or(() -> nobody(request));
  }

  /** A well-formed token that no phone has, which is only seen when all else is right. */
  private static Optional<Refusal> nobody(Inbound request) {
    return refuse(deviceToken(request.path()).matches("0+"), Refusal.bad("BadDeviceToken"));
  }

  /** The device token in a path; empty when there is none. */
  static String deviceToken(String path) {
    return path.startsWith(PREFIX) ? path.substring(PREFIX.length()) : "";
  }

  private static Optional<Refusal> method(Inbound request) {
    if (!request.path().startsWith(PREFIX)) {
      return Optional.of(new Refusal(404, "BadPath"));
    }
    return refuse(!request.method().equals("POST"), new Refusal(405, "MethodNotAllowed"));
  }

  private static Optional<Refusal> duplicates(MultiMap headers) {
    return refuse(
        UNIQUE.stream().anyMatch(name -> headers.getAll(name).size() > 1),
        Refusal.bad("DuplicateHeaders"));
  }

  private static Optional<Refusal> token(Inbound request) {
    String token = deviceToken(request.path());
    if (token.isEmpty()) {
      return Optional.of(Refusal.bad("MissingDeviceToken"));
    }
    return refuse(!HEX.matcher(token).matches(), Refusal.bad("BadDeviceToken"));
  }

  private Optional<Refusal> topic(MultiMap headers) {
    String topic = headers.get("apns-topic");
    if (topic == null || topic.isEmpty()) {
      return Optional.of(Refusal.bad("MissingTopic"));
    }
    String type = headers.get("apns-push-type");
    if (type != null && !SUFFIXES.containsKey(type)) {
      return Optional.of(Refusal.bad("InvalidPushType"));
    }
    Optional<String> suffix = suffix(topic);
    if (suffix.isEmpty()) {
      return Optional.of(Refusal.bad("TopicDisallowed"));
    }
    return refuse(
        type != null && !SUFFIXES.get(type).equals(suffix.get()), Refusal.bad("InvalidPushType"));
  }

  /** What a topic has after a known bundle ID; empty when it is no topic of ours. */
  private Optional<String> suffix(String topic) {
    return SUFFIXES.values().stream()
        .filter(topic::endsWith)
        .filter(end -> bundleIds.test(topic.substring(0, topic.length() - end.length())))
        // Where any bundle ID will do, ".voip" is no part of one.
        .max(Comparator.comparingInt(String::length));
  }

  private static Optional<Refusal> priority(MultiMap headers) {
    String priority = headers.get("apns-priority");
    boolean known = priority == null || List.of("1", "5", "10").contains(priority);
    // Absent means 10, which a background notification must not have.
    boolean background = "background".equals(headers.get("apns-push-type"));
    return refuse(!known || (background && !"5".equals(priority)), Refusal.bad("BadPriority"));
  }

  private static Optional<Refusal> expiration(MultiMap headers, Instant now) {
    String text = headers.get("apns-expiration");
    if (text == null || text.equals("0")) {
      return Optional.empty();
    }
    // Apple takes any past date silently. A date so old is a lifetime written where a date belongs.
    boolean wrong =
        !SECONDS.matcher(text).matches()
            || Long.parseLong(text) < now.getEpochSecond() - OLDEST_EXPIRATION_S;
    return refuse(wrong, Refusal.bad("BadExpirationDate"));
  }

  private static Optional<Refusal> identifiers(MultiMap headers) {
    String id = headers.get("apns-id");
    if (id != null && !UUID.matcher(id).matches()) {
      return Optional.of(Refusal.bad("BadMessageId"));
    }
    String collapse = headers.get("apns-collapse-id");
    return refuse(
        collapse != null && collapse.getBytes(StandardCharsets.UTF_8).length > MAX_COLLAPSE_ID,
        Refusal.bad("BadCollapseId"));
  }

  private static Optional<Refusal> payload(Inbound request) {
    String topic = request.headers().get("apns-topic");
    int most = topic.endsWith(".voip") ? MAX_VOIP_PAYLOAD : MAX_PAYLOAD;
    if (request.body().length() > most) {
      return Optional.of(new Refusal(413, "PayloadTooLarge"));
    }
    Optional<JsonObject> payload = Payloads.object(request.body());
    if (payload.isEmpty()) {
      return Optional.of(Refusal.bad("PayloadEmpty"));
    }
    boolean background = "background".equals(request.headers().get("apns-push-type"));
    return refuse(background && !isBackground(payload.get()), Refusal.bad("InvalidPushType"));
  }

  /** Background notifications wake the app and show nothing. */
  private static boolean isBackground(JsonObject payload) {
    return payload.getValue("aps") instanceof JsonObject aps
        && Integer.valueOf(1).equals(aps.getValue("content-available"))
        && List.of("alert", "sound", "badge").stream().noneMatch(aps::containsKey);
  }

  private static Optional<Refusal> refuse(boolean wrong, Refusal refusal) {
    return wrong ? Optional.of(refusal) : Optional.empty();
  }
}
