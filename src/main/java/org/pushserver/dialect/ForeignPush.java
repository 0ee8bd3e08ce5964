// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;

/**
 * A push that a foreign request asks for.
 *
 * @param readings its fields, by the names of {@code POST /push}; where the request does not say on
 *     which platform the device is, one for each that it may be, the likelier first
 * @param origin what its sender wants to see again in the answer
 */
record ForeignPush(List<Map<String, String>> readings, JsonObject origin) {
  private static final JsonObject NOTHING = new JsonObject();

  ForeignPush {
    readings = List.copyOf(readings);
    if (readings.isEmpty()) {
      throw new IllegalArgumentException("no reading");
    }
  }

  /** One that says all. */
  static ForeignPush of(PushFields fields) {
    return of(fields, NOTHING);
  }

  /** One that says all. */
  static ForeignPush of(PushFields fields, JsonObject origin) {
    return new ForeignPush(List.of(fields.texts()), origin);
  }
}
