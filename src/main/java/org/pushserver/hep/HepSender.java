// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.hep;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.atomic.LongAdder;
import org.pushserver.config.HepSettings;
import org.pushserver.log.DroppedLines;
import org.pushserver.log.Gathering;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What waits to be told, and the thread that tells it. Whoever hands something over never waits:
 * what there is no room for is dropped and counted, and so is what cannot be sent.
 */
final class HepSender {
  static final int LONGEST = 4_096;

  /** The name may lead elsewhere after so long. */
  static final Duration LOOK_UP_AGAIN = Duration.ofMinutes(1);

  /** Trouble that goes on is told again after so long. */
  static final Duration REMINDER = Duration.ofMinutes(10);

  private static final long LAST_ONES_MS = 1_000;
  private static final int BATCH = 256;

  /** Wakes the thread when there is nothing more to come. */
  private static final HepEvent END = new HepEvent(null, null, null, null, false);

  private static final LongAdder DROPPED = DroppedLines.of("homer");
  private static final Logger LOG = LoggerFactory.getLogger(Homer.class);

  private final BlockingQueue<HepEvent> queue = new ArrayBlockingQueue<>(LONGEST);
  private final Promise<Void> ended = Promise.promise();
  private final HepSettings settings;
  private final int ownPort;
  private final PeerAddresses.Resolver resolver;
  private final Time time;
  private final PeerAddresses peers;
  private final ByteBuffer datagram = ByteBuffer.allocateDirect(HepPacket.MOST);
  private final LongAdder lost = new LongAdder();
  private volatile boolean ending;
  private volatile boolean full;

  /** All below is of the thread alone. Null while there is no way to Homer. */
  private DatagramChannel channel;

  private InetSocketAddress own;
  private InetAddress leadsTo;
  private boolean hasLookedUp;
  private long lookedUp;
  private boolean hasTold;
  private long told;

  /**
   * @param ownPort where requests come in, by which Homer can tell us from others
   */
  HepSender(HepSettings settings, int ownPort, PeerAddresses.Resolver resolver, Time time) {
    this.settings = settings;
    this.ownPort = ownPort;
    this.resolver = resolver;
    this.time = time;
    this.peers = new PeerAddresses(resolver, time);
  }

  void start() {
    Thread thread = new Thread(this::run, "pushserver-homer");
    thread.setDaemon(true);
    thread.start();
  }

  /** Hands over what is to be told. Any thread. */
  void take(HepEvent event) {
    if (!queue.offer(event)) {
      drop(1);
      full = true;
    }
  }

  private void drop(int count) {
    DROPPED.add(count);
    lost.add(count);
  }

  private void run() {
    try {
      Gathering.run(queue, BATCH, () -> ending, this::tell);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      shut();
      ended.tryComplete();
    }
  }

  private void tell(List<HepEvent> batch) {
    batch.forEach(this::tell);
    if (full) {
      full = false;
      tellTrouble("more come at once than can be sent");
    }
  }

  private void tell(HepEvent event) {
    if (event.line() == null) {
      return;
    }
    try {
      reach();
      packet(event).write(settings, datagram);
      send();
    } catch (IOException | RuntimeException e) {
      shut();
      drop(1);
      tellTrouble(Reason.of(e));
    }
  }

  private HepPacket packet(HepEvent event) {
    InetSocketAddress unknown =
        event.comesBack() ? own : new InetSocketAddress(anyOf(own.getAddress()), 0);
    InetSocketAddress peer = peers.of(event.url(), unknown);
    return new HepPacket(
        event.comesBack() ? peer : own,
        event.comesBack() ? own : peer,
        event.at(),
        event.callId(),
        event.line().toString());
  }

  private static InetAddress anyOf(InetAddress sameFamily) {
    try {
      return InetAddress.getByAddress(new byte[sameFamily.getAddress().length]);
    } catch (IOException e) {
      throw new IllegalStateException("its length is right", e);
    }
  }

  /** Makes a way to Homer, or another one when its name leads elsewhere now. */
  private void reach() throws IOException {
    boolean fresh = hasLookedUp && time.nanos() - lookedUp < LOOK_UP_AGAIN.toNanos();
    if (channel != null && fresh) {
      return;
    }
    if (!fresh) {
      lookUp();
    }
    if (leadsTo == null) {
      throw new IOException("the name is not known");
    }
    if (channel == null) {
      channel = DatagramChannel.open();
      channel.connect(new InetSocketAddress(leadsTo, settings.port()));
      InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
      own = new InetSocketAddress(local.getAddress(), ownPort);
    }
  }

  /** While the name server is silent the last address serves. */
  private void lookUp() {
    hasLookedUp = true;
    try {
      InetAddress found = resolver.resolve(settings.host());
      if (!found.equals(leadsTo)) {
        shut();
      }
      leadsTo = found;
    } catch (IOException e) {
      LOG.debug("cannot look up {}: {}", settings.host(), Reason.of(e));
    }
    lookedUp = time.nanos();
  }

  private void send() throws IOException {
    try {
      channel.write(datagram);
    } catch (PortUnreachableException e) {
      // That is said of one before.
      drop(1);
      tellTrouble("nobody listens there");
      datagram.rewind();
      channel.write(datagram);
    }
  }

  private void tellTrouble(String why) {
    if (!hasTold || time.nanos() - told >= REMINDER.toNanos()) {
      hasTold = true;
      told = time.nanos();
      LOG.warn(
          "Homer at {} cannot be told of pushes: {}; {} messages were lost so far",
          settings.url(),
          why,
          lost.sum());
    }
  }

  private void shut() {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        LOG.debug("closing failed: {}", Reason.of(e));
      }
      channel = null;
    }
  }

  /** Tells what waits, for a second at most. Any thread; not before {@link #start}. */
  Future<Void> close() {
    ending = true;
    // When it is full the thread is awake.
    boolean woken = queue.offer(END);
    LOG.debug("ends{}", woken ? "" : ", with much to tell");
    long timer = time.timer(LAST_ONES_MS, ended::tryComplete);
    return ended.future().onComplete(done -> time.cancel(timer));
  }
}
