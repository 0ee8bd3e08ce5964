// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.Objects;

/**
 * A push that another server is asked to go on with.
 *
 * @param kept what there is to go on with
 * @param isAwaited whether somebody waits for its end, who will ask for it there
 */
public record Offered(KeptPush kept, boolean isAwaited) {
  public Offered {
    Objects.requireNonNull(kept, "kept");
  }
}
