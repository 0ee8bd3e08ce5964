// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.pushserver.events.PushListener;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.pushserver.trail.Trail;
import org.pushserver.trail.TrailBytes;
import org.pushserver.trail.TrailEntry;
import org.pushserver.trail.TrailFollower;
import org.pushserver.trail.TrailNote;
import org.pushserver.trail.TrailPage;
import org.pushserver.trail.TrailQuery;
import org.pushserver.trail.TrailScope;

/**
 * The trails of all servers of the cluster as one: whoever searches at any of them finds what any
 * of them has, and with each entry where. What one does not tell is missing, and that is said; what
 * is put down is put down here. Any thread.
 */
public final class ClusterTrail implements Trail {
  static final String QUESTION = "trail";

  /** A search ends by itself within two seconds. */
  private static final Duration PATIENCE = Duration.ofMillis(2_500);

  private final Trail own;
  private final Nodes nodes;
  private final RollCall roll;
  private final OtherTails tails;

  /**
   * @param own of this server
   * @param roll knows which servers do not answer
   * @param context of the event loop on which it asks others what comes in there
   */
  public ClusterTrail(Trail own, Nodes nodes, RollCall roll, Time time, Context context) {
    this.own = own;
    this.nodes = nodes;
    this.roll = roll;
    this.tails = new OtherTails(nodes, time, context);
    TailAnswers unused = new TailAnswers(own, nodes, time);
    nodes.answer(QUESTION, (node, asked) -> answer(asked));
  }

  private Future<Buffer> answer(Buffer asked) {
    return Future.succeededFuture()
        .compose(begin -> own.search(TrailBytes.query(asked)))
        .map(TrailBytes::of);
  }

  @Override
  public PushListener listener() {
    return own.listener();
  }

  @Override
  public void refused(TrailEntry entry) {
    own.refused(entry);
  }

  @Override
  public void note(TrailNote note) {
    own.note(note);
  }

  @Override
  public Future<TrailPage> search(TrailQuery query) {
    MergedCursor cursor;
    try {
      cursor = MergedCursor.of(query.cursor(), nodes.self().name());
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(e);
    }
    MergedPage merged = new MergedPage(query, cursor);
    Map<Node, Future<TrailPage>> searches = new LinkedHashMap<>();
    for (Node node : nodes.members()) {
      if (cursor.wants(node.name())) {
        searches.put(node, search(node, merged.query(node.name())));
      }
    }
    Future<TrailPage> here = searches.get(nodes.self());
    return Future.join(searches.values().stream().toList())
        .transform(
            done -> {
              if (here != null && here.failed()) {
                return here;
              }
              searches.forEach(
                  (node, page) -> {
                    if (page.succeeded()) {
                      merged.add(node.name(), page.result());
                    } else {
                      merged.missing(node.name(), Reason.of(page.cause()));
                    }
                  });
              return Future.succeededFuture(merged.page());
            });
  }

  private Future<TrailPage> search(Node node, TrailQuery query) {
    if (node.equals(nodes.self())) {
      return own.search(query);
    } else if (roll.isSilent(node.id())) {
      return Future.failedFuture("it does not answer");
    }
    return nodes.ask(node, QUESTION, TrailBytes.of(query), PATIENCE).compose(ClusterTrail::read);
  }

  private static Future<TrailPage> read(Buffer bytes) {
    try {
      return Future.succeededFuture(TrailBytes.page(bytes));
    } catch (IllegalArgumentException e) {
      return Future.failedFuture(e);
    }
  }

  @Override
  public Runnable follow(TrailScope scope, TrailFollower follower) {
    String name = nodes.self().name();
    Runnable here = own.follow(scope, entry -> follower.take(entry.foundAt(name)));
    Runnable elsewhere = tails.follow(scope, follower);
    return () -> {
      here.run();
      elsewhere.run();
    };
  }
}
