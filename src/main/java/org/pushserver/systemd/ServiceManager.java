// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.systemd;

import io.vertx.core.Context;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import org.pushserver.dispatch.RunningApplications;

/** Who has started this process and looks after it. Any thread; nothing blocks. */
public interface ServiceManager {
  /** In the environment: where it wants to be told. Without it, it does not. */
  String ADDRESS = "NOTIFY_SOCKET";

  /** Nobody wants to be told. */
  ServiceManager NOBODY =
      new ServiceManager() {
        @Override
        public void started(RunningApplications applications, List<Context> loops) {
          // As said.
        }

        @Override
        public void reloading(Future<?> reload) {
          // As said.
        }

        @Override
        public void stopping(Duration longest) {
          // As said.
        }
      };

  /**
   * Requests are served. It is told so when all applications have connected, or have tried once.
   *
   * @param loops one context on each event loop that has to turn
   */
  void started(RunningApplications applications, List<Context> loops);

  /**
   * The configuration is being read because somebody asked for it.
   *
   * @param reload completes when that has ended, in whichever way
   */
  void reloading(Future<?> reload);

  /**
   * The process ends.
   *
   * @param longest so long it takes at the most
   */
  void stopping(Duration longest);
}
