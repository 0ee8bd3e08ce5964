// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver;

import java.time.Duration;
import org.pushserver.spi.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What has gone from the configuration: it may only not have been written yet, so it counts as
 * there until the configuration has said the same for a while. One call at a time.
 */
final class Vanished {
  /** A file takes less to be written, even by hand or over a slow network. */
  static final Duration PATIENCE = Duration.ofSeconds(15);

  private static final Logger LOG = LoggerFactory.getLogger(Vanished.class);

  private final Time time;
  private final Duration patience;
  private Object said;
  private long since;

  /**
   * @param patience how long the configuration must say the same
   */
  Vanished(Time time, Duration patience) {
    this.time = time;
    this.patience = patience;
  }

  /**
   * Whether something has really gone.
   *
   * @param what it, for the log; empty when nothing has gone
   * @param says what the configuration says, to be compared with what it said before
   * @param asked whether somebody has asked for the configuration to be read: then it is written
   */
  boolean isBelieved(String what, Object says, boolean asked) {
    if (what.isEmpty() || asked) {
      said = null;
      return true;
    }
    if (!says.equals(said)) {
      said = says;
      since = time.nanos();
      LOG.warn(
          "{} no longer configured; held as before for {} s, since the file may be half written;"
              + " SIGHUP (systemctl reload pushserver) makes it hold at once",
          what,
          patience.toSeconds());
    }
    boolean believed = left() <= 0;
    if (believed) {
      said = null;
    }
    return believed;
  }

  /** When to look again, milliseconds from now; 0 when nothing is held back. */
  long lookAgainAfter() {
    return said == null ? 0 : Math.max(1, left());
  }

  private long left() {
    return patience.minusNanos(time.nanos() - since).toMillis();
  }
}
