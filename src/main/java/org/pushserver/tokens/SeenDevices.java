// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.tokens;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Of which devices it is to be written that they were seen: each once, however often that was. Any
 * thread may note one; one writes.
 */
final class SeenDevices {
  private static final int MOST = 100_000;
  private static final int AT_ONCE = 500;

  record Device(String account, String appId, String deviceId) {}

  private final Map<Device, Long> waiting = new ConcurrentHashMap<>();

  /** Notes one; forgets it when too many wait. */
  void note(String account, String appId, String deviceId, long now) {
    if (waiting.size() < MOST) {
      Long unused = waiting.putIfAbsent(new Device(account, appId, deviceId), now);
    }
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Some of them, for one transaction. */
  List<Map.Entry<Device, Long>> some() {
    List<Map.Entry<Device, Long>> some = new ArrayList<>();
    Iterator<Map.Entry<Device, Long>> all = waiting.entrySet().iterator();
    while (all.hasNext() && some.size() < AT_ONCE) {
      Map.Entry<Device, Long> one = all.next();
      some.add(Map.entry(one.getKey(), one.getValue()));
    }
    return some;
  }

  static void write(List<Map.Entry<Device, Long>> some, TokenDatabase database)
      throws SQLException {
    for (Map.Entry<Device, Long> one : some) {
      Device device = one.getKey();
      database.seen(device.account(), device.appId(), device.deviceId(), one.getValue());
    }
  }

  /** These are written, or cannot be. */
  void forget(List<Map.Entry<Device, Long>> some) {
    some.forEach(one -> waiting.remove(one.getKey()));
  }

  void clear() {
    waiting.clear();
  }
}
