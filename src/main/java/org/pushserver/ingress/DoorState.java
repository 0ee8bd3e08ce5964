// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.ingress;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What the verticles of one door share. Any thread.
 *
 * @param policy what holds now
 * @param connections how many are open
 */
record DoorState(AtomicReference<Policy> policy, AtomicInteger connections) {
  DoorState(Policy policy) {
    this(new AtomicReference<>(policy), new AtomicInteger());
  }
}
