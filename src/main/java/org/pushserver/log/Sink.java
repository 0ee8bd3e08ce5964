// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import java.util.List;

/** Where lines end up. Used by one thread, which it may block. */
interface Sink {
  /**
   * Writes lines, so that they are out of this process when it returns.
   *
   * @return how many of them could not be written
   */
  int write(List<ILoggingEvent> events);

  /** Why the last write failed, in an operator's words; empty when it did not. */
  String trouble();

  /** Gives back what it holds. */
  void close();
}
