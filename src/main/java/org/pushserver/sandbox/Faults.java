// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.sandbox;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.pushserver.sandbox.Fault.Kind;

/**
 * The faults that are set, and those that a token asks for ({@link TokenFaults}). What was set
 * first goes first, so that a list of faults with {@code times} 1 is a script. Any thread.
 */
public final class Faults {
  private final RandomGenerator random;
  private final TokenFaults tokenFaults = new TokenFaults();
  private final List<Pending> pending = new ArrayList<>();

  Faults(RandomGenerator random) {
    this.random = random;
  }

  private static final class Pending {
    final Fault fault;
    int left;

    Pending(Fault fault) {
      this.fault = fault;
      left = fault.times();
    }
  }

  /** Sets one more. */
  public synchronized void add(Fault fault) {
    pending.add(new Pending(fault));
  }

  /** Removes all that were set; tokens keep asking for theirs. */
  public synchronized void clear() {
    pending.clear();
  }

  /** Those that are set, first to last; {@code times} is what is left. */
  public synchronized List<Fault> list() {
    return pending.stream().map(each -> each.fault.times(each.left)).toList();
  }

  /** Whether a service is set to be down. */
  synchronized boolean isDown(Service service) {
    return pending.stream()
        .map(each -> each.fault)
        .anyMatch(fault -> fault.kind() == Kind.DOWN && isAt(fault, service));
  }

  /** What is to happen to the next request at a service. */
  synchronized Optional<Fault> next(Service service, String token) {
    for (Iterator<Pending> each = pending.iterator(); each.hasNext(); ) {
      Pending candidate = each.next();
      if (applies(candidate.fault, service, token)) {
        if (candidate.left == 1) {
          each.remove();
        } else if (candidate.left > 1) {
          candidate.left--;
        }
        return Optional.of(candidate.fault);
      }
    }
    return tokenFaults.next(service, token);
  }

  private boolean applies(Fault fault, Service service, String token) {
    return isAt(fault, service)
        && token.toLowerCase(Locale.ROOT).startsWith(fault.token())
        && (fault.probability() >= 1 || random.nextDouble() < fault.probability());
  }

  private static boolean isAt(Fault fault, Service service) {
    return fault.service() == null || fault.service() == service;
  }
}
