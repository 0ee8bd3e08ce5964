// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import java.time.Duration;
import org.pushserver.spi.Time;

/**
 * Those who are inside: the connections of one router verticle and what arrives on them, looked
 * after every few seconds. Confined to one event loop.
 */
final class Lobby {
  private static final long LONGEST_PAUSE_MS = Duration.ofSeconds(5).toMillis();

  private final DoorState door;
  private final Time time;
  private final Clients clients;
  private final Intake intake;
  private final Gate gate;
  private long timer;

  Lobby(DoorState door, Time time) {
    this.door = door;
    this.time = time;
    clients = new Clients(door, time);
    intake = new Intake(time);
    gate = new Gate(door, clients, time);
  }

  Policy policy() {
    return door.policy().get();
  }

  Clients clients() {
    return clients;
  }

  Intake intake() {
    return intake;
  }

  Gate gate() {
    return gate;
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
    Policy now = policy();
    long idle = now.limits().idleTimeout().toNanos();
    // Bodies first: their senders get an answer before the connection goes.
    intake.sweep(idle);
    clients.sweep(idle);
    if (now.rateLimit() != null) {
      now.rateLimit().sweep(time.nanos());
    }
    start();
  }
}
