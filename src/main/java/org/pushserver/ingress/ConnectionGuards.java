// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import io.netty.handler.codec.DecoderException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import org.pushserver.api.Policy;
import org.pushserver.spi.Reason;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What keeps the connections of one router verticle, and what arrives on them, in bounds; it looks
 * after them every few seconds. Confined to one event loop.
 */
final class ConnectionGuards {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectionGuards.class);
  private static final long LONGEST_PAUSE_MS = Duration.ofSeconds(5).toMillis();

  private final IngressState state;
  private final Time time;
  private final ClientConnections clients;
  private final BodyIntake intake;
  private final AccessControl access;
  private final RareWarning handshakes = new RareWarning();
  private long timer;

  ConnectionGuards(IngressState state, Time time) {
    this.state = state;
    this.time = time;
    clients = new ClientConnections(state, time);
    intake = new BodyIntake(time);
    access = new AccessControl(state, clients, time);
  }

  Policy policy() {
    return state.policy().now();
  }

  ClientConnections clients() {
    return clients;
  }

  BodyIntake intake() {
    return intake;
  }

  AccessControl access() {
    return access;
  }

  /** A connection failed before it brought a request, or between two. */
  void failed(Throwable cause) {
    Throwable reason = cause instanceof DecoderException ? cause.getCause() : cause;
    if (reason instanceof SSLException && handshakes.isDue(time.nanos())) {
      LOG.warn(
          "a TLS handshake failed: {}{}",
          Reason.of(reason),
          handshakes.untold() > 0 ? "; so did others within a minute" : "");
    }
  }

  /** Starts to look after them. */
  void start() {
    long idle = policy().limits().idleTimeout().toMillis();
    timer = time.timer(Math.max(1, Math.min(LONGEST_PAUSE_MS, idle / 4)), this::sweep);
  }

  /** Looks no more. */
  void stop() {
    time.cancel(timer);
  }

  private void sweep() {
    try {
      look();
    } catch (RuntimeException e) {
      // What is wrong with one of them must not be the last look at all of them.
      LOG.error(
          "looking after the connections failed, which is a fault of Pushserver; it is tried again"
              + " in some seconds; please report this line and those below it",
          e);
    } finally {
      start();
    }
  }

  private void look() {
    Policy now = policy();
    long idle = now.limits().idleTimeout().toNanos();
    // Bodies first: their senders get an answer before the connection goes.
    intake.sweep(idle);
    clients.sweep(idle);
    if (now.rateLimit() != null) {
      now.rateLimit().sweep(time.nanos());
    }
  }
}
