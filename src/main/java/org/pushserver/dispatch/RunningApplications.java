// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import io.vertx.core.Future;
import java.util.List;

/** The view of the applications that run, for who only looks at them. Any thread. */
public interface RunningApplications {
  /** How each application stands with its push service, by app-id and platform. */
  List<Status> statuses();

  /**
   * One look at each application.
   *
   * @return does not fail; an application that does not answer within a second is left out
   */
  Future<List<ApplicationSnapshot>> snapshots();

  /** The sections that no application runs from. */
  List<DisabledSection> disabled();

  /** Whether no more pushes are taken. */
  boolean isClosing();
}
