// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.pushserver.config.ApiKey;
import org.pushserver.push.AppKey;

/**
 * What somebody says of a phone, for another server of the cluster, and what that says of it, as
 * bytes. Pure.
 *
 * @param ack what is said
 * @param allowed whose pushes he may speak of
 * @param sayer who says it, for a log
 */
record AckQuestion(Ack ack, Predicate<AppKey> allowed, String sayer) {
  /** What another server has said of it: one of the two is null. */
  record Answer(PhoneWord word, RequestRefused refusal) {}

  static Buffer bytes(Ack ack, Caller caller) {
    JsonObject json =
        new JsonObject()
            .put("id", ack.id() == null ? null : ack.id().toString())
            .put("call-id", ack.callId())
            .put("device-id", ack.deviceId())
            .put("registered", ack.registered())
            .put("woken-at", ack.wokenAt())
            .put("displayed-at", ack.displayedAt())
            .put("sayer", caller.toString());
    ApiKey key = caller.key();
    if (key != null && !key.all()) {
      JsonArray apps = new JsonArray();
      key.applications().forEach(app -> apps.add(json(app)));
      json.put("app-ids", new JsonArray(List.copyOf(key.appIds()))).put("apps", apps);
    }
    return json.toBuffer();
  }

  /**
   * Reads what another server asks.
   *
   * @throws RuntimeException when it cannot be understood
   */
  static AckQuestion read(Buffer bytes) {
    JsonObject json = new JsonObject(bytes);
    String id = json.getString("id");
    Ack ack =
        new Ack(
            id == null ? null : UUID.fromString(id),
            json.getString("call-id"),
            json.getString("device-id"),
            json.getInteger("registered"),
            json.getLong("woken-at"),
            json.getLong("displayed-at"));
    return new AckQuestion(ack, allowed(json), json.getString("sayer"));
  }

  /** A key that opens all names none. */
  private static Predicate<AppKey> allowed(JsonObject json) {
    JsonArray told = json.getJsonArray("app-ids");
    if (told == null) {
      return app -> true;
    }
    Set<String> appIds = told.stream().map(String.class::cast).collect(Collectors.toSet());
    Set<AppKey> apps = new HashSet<>();
    json.getJsonArray("apps").forEach(app -> apps.add(app((JsonObject) app)));
    return app -> appIds.contains(app.appId()) || apps.contains(app);
  }

  private static JsonObject json(AppKey app) {
    return new JsonObject().put("app-id", app.appId()).put("platform", app.platform());
  }

  private static AppKey app(JsonObject json) {
    return new AppKey(json.getString("app-id"), json.getString("platform"));
  }

  /** It was understood. */
  static Buffer answer(PhoneWord word) {
    KnownPush push = word.push();
    return json(push.app())
        .put("id", push.id().toString())
        .put("event", push.event())
        .put("call-id", push.callId())
        .put("device-id", push.deviceId())
        .put("accepted-at", push.acceptedAt())
        .put("woken-at", word.wokenAt())
        .put("displayed-at", word.displayedAt())
        .put("corrections", new JsonArray(word.corrections()))
        .toBuffer();
  }

  /** It is of a push of that server, and wrong. */
  static Buffer answer(RequestRefused refusal) {
    return new JsonObject()
        .put("status", refusal.status())
        .put("description", refusal.description())
        .put("about", refusal.callId())
        .toBuffer();
  }

  /**
   * Reads what another server has answered.
   *
   * @throws RuntimeException when it cannot be understood
   */
  static Answer readAnswer(Buffer bytes) {
    JsonObject json = new JsonObject(bytes);
    Integer status = json.getInteger("status");
    if (status != null) {
      return new Answer(
          null,
          new RequestRefused(status, json.getString("description")).about(json.getString("about")));
    }
    KnownPush push =
        new KnownPush(
            UUID.fromString(json.getString("id")),
            app(json),
            json.getString("event"),
            json.getString("call-id"),
            json.getString("device-id"),
            json.getLong("accepted-at"),
            false,
            false);
    List<String> corrections =
        json.getJsonArray("corrections").stream().map(String.class::cast).toList();
    return new Answer(
        new PhoneWord(push, json.getLong("woken-at"), json.getLong("displayed-at"), corrections),
        null);
  }
}
