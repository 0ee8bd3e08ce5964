// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;
import org.pushserver.push.AppKey;

/**
 * What a server tells the others of itself, each second and when something has changed. Immutable.
 *
 * @param since when it was started, milliseconds since the epoch by its own clock
 * @param isStopping whether it takes no more pushes
 * @param waiting pushes that have not ended there
 * @param applications how many there are
 * @param edition changes with what it offers
 * @param offers how many attempts at a time it makes for others, application by application; 0
 *     while its own way is down
 */
record NodeState(
    long since,
    boolean isStopping,
    long waiting,
    int applications,
    long edition,
    Map<AppKey, Integer> offers) {
  NodeState {
    offers = Map.copyOf(offers);
  }

  /** How many applications can send there. */
  int up() {
    return (int) offers.values().stream().filter(offer -> offer > 0).count();
  }

  /**
   * As bytes. Others ignore what they do not know of it.
   *
   * @param all whether with what it offers
   */
  Buffer bytes(boolean all) {
    JsonObject told =
        new JsonObject()
            .put("since", since)
            .put("stopping", isStopping)
            .put("waiting", waiting)
            .put("applications", applications)
            .put("edition", edition);
    if (all) {
      JsonArray list = new JsonArray();
      offers.forEach((app, offer) -> list.add(app.appId()).add(app.platform()).add(offer));
      told.put("offers", list);
    }
    return told.toBuffer();
  }

  /**
   * Reads what another has told.
   *
   * @param before what it had told before; null when it had not
   * @return null when it has to tell all
   * @throws RuntimeException when it cannot be understood
   */
  static NodeState of(Buffer bytes, NodeState before) {
    JsonObject told = new JsonObject(bytes);
    long edition = told.getLong("edition");
    JsonArray list = told.getJsonArray("offers");
    if (list == null && (before == null || before.edition() != edition)) {
      return null;
    }
    return new NodeState(
        told.getLong("since", 0L),
        told.getBoolean("stopping", false),
        told.getLong("waiting", 0L),
        told.getInteger("applications", 0),
        edition,
        list == null ? before.offers() : offers(list));
  }

  private static Map<AppKey, Integer> offers(JsonArray list) {
    Map<AppKey, Integer> offers = new HashMap<>();
    for (int i = 0; i + 2 < list.size(); i += 3) {
      offers.put(new AppKey(list.getString(i), list.getString(i + 1)), list.getInteger(i + 2));
    }
    return offers;
  }
}
