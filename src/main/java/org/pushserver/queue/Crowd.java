// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.pushserver.push.Kind;
import org.pushserver.push.Push;

/**
 * The index of the pushes of one call-id, for when they are many: a conference, or somebody who
 * gives all his messages the same one. What is asked of it costs the same however many there are.
 * Confined to one event loop.
 */
final class Crowd {
  /**
   * The first of all that look alike. That two look alike and are not the same happens once in
   * billions; or somebody chose them so, and then it must not make the search long: the second is
   * not found here, and would be sent again when it came again.
   */
  private final Map<Long, Waiting> alike = new HashMap<>();

  /** The rings for a phone, by each name that it is known by. */
  private final Map<String, Set<Waiting>> rings = new HashMap<>();

  /** The cancels for a phone, likewise. */
  private final Map<String, Set<Waiting>> cancels = new HashMap<>();

  private final Sameness sameness;

  Crowd(Sameness sameness) {
    this.sameness = sameness;
  }

  void add(Waiting waiting) {
    alike.putIfAbsent(looks(waiting.push), waiting);
    if (waiting.push.event().kind().isCall()) {
      add(waiting, waiting.names(sameness));
    }
  }

  /** Makes a ring or a cancel known by further names. */
  void add(Waiting waiting, Collection<String> names) {
    Map<String, Set<Waiting>> index = index(waiting.push.event().kind());
    for (String name : names) {
      index.computeIfAbsent(name, first -> new HashSet<>(2)).add(waiting);
    }
  }

  void remove(Waiting waiting) {
    alike.remove(looks(waiting.push), waiting);
    if (waiting.push.event().kind().isCall()) {
      Map<String, Set<Waiting>> index = index(waiting.push.event().kind());
      for (String name : waiting.names(sameness)) {
        Set<Waiting> known = index.get(name);
        if (known != null && known.remove(waiting) && known.isEmpty()) {
          index.remove(name);
        }
      }
    }
  }

  private Map<String, Set<Waiting>> index(Kind kind) {
    return kind == Kind.RING ? rings : cancels;
  }

  private long looks(Push push) {
    int to = 31 * push.event().name().hashCode() + sameness.token(push).hashCode();
    int details = push.event().kind().isCall() ? 0 : push.details().hashCode();
    return ((long) to << 32) | (details & 0xFFFF_FFFFL);
  }

  /** The one that may say the same; null when there is none. */
  Waiting alike(Push push) {
    return alike.get(looks(push));
  }

  /**
   * @param kind of a call
   */
  boolean isKnown(Kind kind, Collection<String> names) {
    Map<String, Set<Waiting>> index = index(kind);
    return names.stream().anyMatch(index::containsKey);
  }

  /**
   * Those of a kind that have one of these names.
   *
   * @param kind of a call
   * @return the caller's own
   */
  Collection<Waiting> known(Kind kind, Collection<String> names) {
    Map<String, Set<Waiting>> index = index(kind);
    Set<Waiting> known = new LinkedHashSet<>();
    names.forEach(name -> known.addAll(index.getOrDefault(name, Set.of())));
    return known;
  }
}
