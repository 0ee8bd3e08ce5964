// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.pushserver.observe.RequestMeters;

/**
 * What the verticles of one door share. Any thread.
 *
 * @param policy what holds now
 * @param connections how many are open
 * @param meters what happens at the door is counted here
 */
record DoorState(AtomicReference<Policy> policy, AtomicInteger connections, RequestMeters meters) {
  DoorState(Policy policy, RequestMeters meters) {
    this(new AtomicReference<>(policy), new AtomicInteger(), meters);
  }
}
