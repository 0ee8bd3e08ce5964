// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.pushserver.dispatch.CallCancel;
import org.pushserver.dispatch.RungDevice;
import org.pushserver.push.AppKey;
import org.pushserver.push.Device;

/**
 * The cancel of a call by its call-id alone, and who was rung for it, as bytes.
 *
 * @param id the same when it is asked once more; null when an older server asks
 */
record CallQuestion(CallCancel cancel, String id) {
  /** What is asked by this name, over the event bus of the cluster. */
  static final String NAME = "cancel";

  /**
   * @param running the applications that there are; those that may be cancelled are told by name
   */
  Buffer bytes(Collection<AppKey> running) {
    JsonArray apps = new JsonArray();
    running.stream().filter(cancel.allowed()).forEach(app -> apps.add(json(app)));
    return new JsonObject()
        .put("call-id", cancel.callId())
        .put("except-refs", new JsonArray(List.copyOf(cancel.exceptRefs())))
        .put("except-ids", new JsonArray(List.copyOf(cancel.exceptIds())))
        .put("only-id", cancel.onlyId())
        .put("apps", apps)
        .put("id", id)
        .toBuffer();
  }

  /**
   * @throws RuntimeException when it cannot be understood
   */
  static CallQuestion read(Buffer bytes) {
    JsonObject json = new JsonObject(bytes);
    Set<AppKey> apps = new HashSet<>();
    JsonArray told = json.getJsonArray("apps");
    for (int i = 0; i < told.size(); i++) {
      apps.add(app(told.getJsonObject(i)));
    }
    CallCancel cancel =
        new CallCancel(
            json.getString("call-id"),
            texts(json.getJsonArray("except-refs")),
            texts(json.getJsonArray("except-ids")),
            apps::contains,
            json.getString("only-id"));
    return new CallQuestion(cancel, json.getString("id"));
  }

  private static Set<String> texts(JsonArray texts) {
    return texts.stream().map(String.class::cast).collect(Collectors.toSet());
  }

  private static JsonObject json(AppKey app) {
    return new JsonObject().put("app-id", app.appId()).put("platform", app.platform());
  }

  private static AppKey app(JsonObject json) {
    return new AppKey(json.getString("app-id"), json.getString("platform"));
  }

  static Buffer bytes(List<RungDevice> devices) {
    JsonArray all = new JsonArray();
    for (RungDevice one : devices) {
      Device device = one.device();
      all.add(
          json(one.app())
              .put("token", device.token())
              .put("id", device.id())
              .put("registration", device.registration())
              .put("without-voip", device.withoutVoip())
              .put("ref", device.ref())
              .put("from", one.from())
              .put("from-display-name", one.fromDisplayName())
              .put("to", one.to())
              .put("media-type", one.mediaType())
              .put("account", one.account()));
    }
    return all.toBuffer();
  }

  /**
   * @throws RuntimeException when it cannot be understood
   */
  static List<RungDevice> devices(Buffer bytes) {
    JsonArray all = new JsonArray(bytes);
    return all.stream().map(JsonObject.class::cast).map(CallQuestion::device).toList();
  }

  private static RungDevice device(JsonObject json) {
    return new RungDevice(
        app(json),
        new Device(
            json.getString("token"),
            json.getString("id"),
            json.getString("registration"),
            json.getBoolean("without-voip"),
            json.getString("ref")),
        json.getString("from"),
        json.getString("from-display-name"),
        json.getString("to"),
        json.getString("media-type"),
        json.getString("account"));
  }
}
