// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spi;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import java.util.concurrent.TimeUnit;

/**
 * The one source of time, so that tests move the clock by hand: retries, deadlines and renewals
 * cost them nothing.
 */
public interface Time {
  /**
   * The wall clock: milliseconds since the epoch. Somebody may set it at any moment, so it is for
   * what others read, and never for how long something takes. Any thread.
   *
   * @return may jump, forward and back
   */
  long now();

  /** {@return a clock that is never set, in nanoseconds from an arbitrary origin. Any thread} */
  long nanos();

  /** {@return the same in milliseconds: for deadlines, and all else that falls due. Any thread} */
  default long millis() {
    return TimeUnit.NANOSECONDS.toMillis(nanos());
  }

  /**
   * Runs a task once, later, unless it is cancelled: also when the application that called this is
   * not there any more.
   *
   * @param delayMs 0 or more; 0 means as soon as the current event is done
   * @param task runs on the event loop that called this
   * @return an id for {@link #cancel}
   */
  @CanIgnoreReturnValue
  long timer(long delayMs, Runnable task);

  /**
   * Forgets a timer that has not run yet; an unknown id is ignored.
   *
   * @param timerId what {@link #timer} returned
   */
  void cancel(long timerId);
}
