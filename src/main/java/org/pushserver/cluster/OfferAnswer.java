// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.buffer.Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * What a server says of pushes that another one, which stops, has offered to it. Those that are in
 * neither list are none of its business: it has no such application, or stops itself.
 *
 * @param taken the ids of those that it goes on with
 * @param full the ids of those for which it has no room
 */
record OfferAnswer(List<UUID> taken, List<UUID> full) {
  /** Between both: no push has it. */
  private static final UUID BETWEEN = new UUID(0, 0);

  Buffer bytes() {
    List<UUID> all = new ArrayList<>(taken);
    if (!full.isEmpty()) {
      all.add(BETWEEN);
      all.addAll(full);
    }
    return Standstill.bytes(all);
  }

  static OfferAnswer read(Buffer bytes) {
    List<UUID> all = Standstill.read(bytes);
    int between = all.indexOf(BETWEEN);
    return between < 0
        ? new OfferAnswer(all, List.of())
        : new OfferAnswer(all.subList(0, between), all.subList(between + 1, all.size()));
  }
}
