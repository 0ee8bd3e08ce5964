// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import org.pushserver.dispatch.Dispatcher;
import org.pushserver.dispatch.Fleet;
import org.pushserver.events.PushListener;
import org.pushserver.queue.PushStore;
import org.pushserver.queue.QueueMemory;
import org.pushserver.spi.Time;

/**
 * The pushes of a server that is one of several: each call belongs to one of them, what waits at
 * one has a copy at another, and what waited at one that has gone is sent by the others. Any
 * thread.
 */
public final class SharedPushes {
  private final Vertx vertx;
  private final Nodes nodes;
  private final Time time;
  private final Peers peers;
  private final Copies copies;
  private final CopyStore store;

  /** Null in tests. */
  private DoorKnock door;

  /** Null before applications are there. */
  private Standstill standstill;

  private final ClusterCounts counts;
  private final AwaitedAnswers awaited;
  private final RecentCancels cancels;
  private final RungCopies rung;
  private final DeliveredLately delivered;
  private final KnownPushes known;

  /**
   * @param nodes the servers
   * @param memory what pushes may take, and the copies of those of others with them
   * @param life looks at servers that do not belong to the cluster any more
   */
  SharedPushes(
      Vertx vertx,
      Nodes nodes,
      Time time,
      QueueMemory memory,
      SignOfLife life,
      ClusterCounts counts) {
    this.counts = counts;
    this.vertx = vertx;
    this.nodes = nodes;
    this.time = time;
    this.known = new KnownPushes(time);
    this.awaited = new AwaitedAnswers(time);
    this.peers = new Peers(nodes, time, life);
    this.copies = new Copies(time, memory);
    this.cancels = new RecentCancels(time);
    this.rung = new RungCopies(nodes, peers, time, cancels);
    this.delivered = new DeliveredLately(peers, time);
    this.store = new CopyStore(peers, time, counts);
  }

  /**
   * Those of a server with an HTTP door.
   *
   * @param nodes the servers
   * @param roll knows which of them say nothing
   * @param memory what pushes may take, and the copies of those of others with them
   */
  public static SharedPushes of(
      Vertx vertx,
      Nodes nodes,
      RollCall roll,
      Time time,
      QueueMemory memory,
      ClusterCounts counts) {
    DoorKnock knock = new DoorKnock(vertx, nodes, time);
    SharedPushes pushes =
        new SharedPushes(vertx, new AnsweringNodes(nodes, roll), time, memory, knock, counts);
    pushes.door = knock;
    return pushes;
  }

  /**
   * Says where others find this server when it does not answer in the cluster.
   *
   * @param host an address that they can reach
   */
  public void opened(String host, int port) {
    door.opened(host, port);
  }

  /** Says that others find it nowhere but in the cluster. */
  public void hidden() {
    door.hidden();
  }

  /** Where its applications keep their pushes: at another server. */
  public PushStore store() {
    return store;
  }

  /**
   * Told of its pushes: what others have to know of them when this server has gone, and this one
   * when another has.
   */
  public PushListener listener() {
    return PushListener.all(rung, delivered, known);
  }

  /**
   * The way to all servers; to be called once.
   *
   * @param fleet the applications of this one, which keep their pushes in {@link #store}
   */
  public Dispatcher dispatcher(Fleet fleet) {
    HappenedHere here = new HappenedHere(cancels, delivered);
    Takeover takeover = new Takeover(nodes, peers, fleet, known, copies, cancels, here, counts);
    nodes.answer(
        Farewell.NAME,
        new OfferedPushes(fleet, known, copies, here, counts, time, store::isOwn)::take);
    standstill = new Standstill(nodes, peers, time, store, cancels, takeover, fleet);
    Arrivals arrivals =
        new Arrivals(nodes, fleet, time, known, takeover, cancels, rung, store::isOwn);
    return new ClusterDispatcher(
        vertx, fleet, peers, arrivals, cancels, time, standstill, counts, awaited);
  }

  /**
   * Waits until those who ask at this server's doors have the answers of others; to be called when
   * its own applications have closed.
   *
   * @return completes when they have, at the latest after this time; does not fail
   */
  public Future<Void> answered(Duration longest) {
    return awaited.over(longest);
  }

  /** How many pushes crossed between the servers. */
  public ClusterCounts counts() {
    return counts;
  }

  /** How many servers there are. */
  int members() {
    return peers.ownership().members().size();
  }

  /** How many copies this server has of pushes that wait at others. */
  public int held() {
    return copies.size();
  }

  /**
   * Tells the others what has ended here; to be called when the applications have closed, and
   * before the cluster is left.
   *
   * @return completes within a few seconds; does not fail
   */
  public Future<Void> close() {
    return Future.join(rung.close(), store.close())
        .<Void>mapEmpty()
        .onComplete(told -> endKnocking());
  }

  private void endKnocking() {
    if (standstill != null) {
      standstill.close();
    }
    if (door != null) {
      Future<Void> unused = door.close();
    }
  }
}
