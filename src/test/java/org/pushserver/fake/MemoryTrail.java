// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.fake;

import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.pushserver.events.PushListener;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailFollower;
import org.pushserver.trail.TrailNote;
import org.pushserver.trail.TrailPage;
import org.pushserver.trail.TrailQuery;
import org.pushserver.trail.TrailScope;
import org.pushserver.trail.TrailStep;

/** A trail that a test fills by hand, and that nothing outlives. Any thread. */
public final class MemoryTrail implements Trail {
  private record Follower(TrailScope scope, TrailFollower reader) {}

  private final List<TrailEntry> entries = new ArrayList<>();
  private final Set<UUID> ids = new HashSet<>();
  private final List<TrailNote> notes = new ArrayList<>();
  private final List<String> remarks = new ArrayList<>();
  private final List<TrailQuery> asked = new ArrayList<>();
  private final List<Follower> followers = new CopyOnWriteArrayList<>();

  /** Puts an entry in; one that had not ended gives its place to the same push. */
  public void put(TrailEntry entry) {
    synchronized (this) {
      if (!ids.add(entry.id())) {
        entries.removeIf(other -> other.id().equals(entry.id()));
      }
      entries.add(entry);
    }
    for (Follower follower : followers) {
      if (follower.scope.sees(entry.app())) {
        follower.reader.take(entry);
      }
    }
  }

  /** What each page is to say from now on. */
  public synchronized void remark(String remark) {
    remarks.add(remark);
  }

  /** What was searched for. */
  public synchronized List<TrailQuery> asked() {
    return List.copyOf(asked);
  }

  /** What was noted. */
  public synchronized List<TrailNote> notes() {
    return List.copyOf(notes);
  }

  /** Tells those who follow what they should know. */
  public void noteToFollowers(String sentence) {
    followers.forEach(follower -> follower.reader.note(sentence));
  }

  /** How many follow. */
  public int followers() {
    return followers.size();
  }

  /** Hears nothing. */
  @Override
  public PushListener listener() {
    return new PushListener() {};
  }

  @Override
  public void refused(TrailEntry entry) {
    put(entry);
  }

  @Override
  public synchronized void note(TrailNote note) {
    notes.add(note);
    for (int i = 0; i < entries.size(); i++) {
      if (entries.get(i).id().equals(note.push())) {
        entries.set(i, with(entries.get(i), note.step()));
      }
    }
  }

  private static TrailEntry with(TrailEntry entry, TrailStep step) {
    List<TrailStep> steps = new ArrayList<>(entry.steps());
    steps.add(step);
    return entry.with(steps);
  }

  @Override
  public synchronized Future<TrailPage> search(TrailQuery query) {
    asked.add(query);
    List<TrailEntry> found = new ArrayList<>();
    boolean seen = query.cursor().isEmpty();
    UUID last;
    try {
      last = seen ? null : UUID.fromString(query.cursor());
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(e);
    }
    for (int i = entries.size() - 1; i >= 0; i--) {
      TrailEntry entry = entries.get(i);
      if (!seen) {
        seen = entry.id().equals(last);
      } else if (query.fits(entry)) {
        if (found.size() == query.limit()) {
          String next = found.get(found.size() - 1).id().toString();
          return Future.succeededFuture(new TrailPage(found, next, remarks));
        }
        found.add(entry);
      }
    }
    return Future.succeededFuture(new TrailPage(found, "", remarks));
  }

  @Override
  public Runnable follow(TrailScope scope, TrailFollower reader) {
    Follower follower = new Follower(scope, reader);
    followers.add(follower);
    return () -> followers.remove(follower);
  }
}
