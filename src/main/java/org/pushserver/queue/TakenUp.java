// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.Objects;

/**
 * A push that another server has left, and who is told what becomes of it.
 *
 * @param kept what it has left
 * @param caller told as if he had handed it in here
 */
public record TakenUp(KeptPush kept, PushCaller caller) {
  public TakenUp {
    Objects.requireNonNull(kept, "kept");
    Objects.requireNonNull(caller, "caller");
  }
}
