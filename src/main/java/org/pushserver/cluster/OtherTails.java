// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.pushserver.spi.Time;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailFollower;
import org.pushserver.trail.TrailScope;

/**
 * What comes into the trails of the other servers, for who follows it here: each of them is asked a
 * few times a second, as long as somebody does. Nobody waits for one that does not answer; who
 * follows is told its name. Any thread.
 */
final class OtherTails {
  static final String QUESTION = "tail";

  static final long EVERY_MS = 250;

  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Buffer ASK = Buffer.buffer();

  /** The first question: what was not asked for before is not wanted any more. */
  private static final Buffer ASK_ANEW = Buffer.buffer(new byte[] {1});

  private record Reader(TrailScope scope, TrailFollower follower) {}

  private final Nodes nodes;
  private final Time time;
  private final Context context;
  private final List<Reader> readers = new CopyOnWriteArrayList<>();

  /** From here on: one event loop. The servers that have not answered yet what they were asked. */
  private final Set<String> asked = new HashSet<>();

  /** Those of which entries are missing, and their names. */
  private final Map<String, String> missing = new HashMap<>();

  /** Those that know that they are asked anew. */
  private final Set<String> begun = new HashSet<>();

  private boolean isOn;

  /**
   * @param context of the event loop on which it works
   */
  OtherTails(Nodes nodes, Time time, Context context) {
    this.nodes = nodes;
    this.time = time;
    this.context = context;
  }

  /** As {@link org.pushserver.trail.Trail#follow}, of what the others have. */
  Runnable follow(TrailScope scope, TrailFollower follower) {
    Reader reader = new Reader(scope, follower);
    readers.add(reader);
    context.runOnContext(turn -> begin(reader));
    return () -> readers.remove(reader);
  }

  private void begin(Reader reader) {
    new TreeSet<>(missing.values()).forEach(name -> reader.follower().note(isMissing(name)));
    if (!isOn) {
      isOn = true;
      tick();
    }
  }

  private void tick() {
    Set<String> there = new HashSet<>();
    for (Node node : nodes.members()) {
      if (!node.equals(nodes.self())) {
        there.add(node.id());
        ask(node);
      }
    }
    // Who has left has nothing to tell.
    missing.keySet().retainAll(there);
    begun.retainAll(there);
    if (readers.isEmpty()) {
      isOn = false;
      missing.clear();
      begun.clear();
    } else {
      time.timer(EVERY_MS, () -> context.runOnContext(turn -> tick()));
    }
  }

  private void ask(Node node) {
    if (readers.isEmpty() || !asked.add(node.id())) {
      return;
    }
    boolean isFirst = begun.add(node.id());
    nodes
        .ask(node, QUESTION, isFirst ? ASK_ANEW : ASK, PATIENCE)
        .map(TailLine.Part::read)
        .onComplete(
            (part, cause) ->
                context.runOnContext(
                    turn -> {
                      asked.remove(node.id());
                      if (cause == null) {
                        heard(node, part);
                      } else {
                        failed(node, isFirst);
                      }
                    }));
  }

  private void heard(Node node, TailLine.Part part) {
    if (missing.remove(node.id()) != null) {
      readers.forEach(reader -> reader.follower().note("Server " + node.name() + " answers again"));
    }
    for (TrailEntry entry : part.entries()) {
      TrailEntry found = entry.foundAt(node.name());
      for (Reader reader : readers) {
        if (reader.scope().sees(found.app())) {
          reader.follower().take(found);
        }
      }
    }
    if (part.missed() > 0) {
      readers.forEach(reader -> reader.follower().missed(part.missed()));
    }
    if (part.isFull()) {
      ask(node);
    }
  }

  private void failed(Node node, boolean isFirst) {
    if (isFirst) {
      begun.remove(node.id());
    }
    boolean isThere = nodes.members().contains(node);
    if (isThere && missing.put(node.id(), node.name()) == null) {
      readers.forEach(reader -> reader.follower().note(isMissing(node.name())));
    }
  }

  private static String isMissing(String name) {
    return "Server " + name + " is missing here: it does not answer";
  }
}
