// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.api;

/** How senders of one kind are told that their request ends at the door. Stateless. */
@FunctionalInterface
public interface RefusalShape {
  /**
   * The answer.
   *
   * @param status 4xx, or 5xx
   * @param description fit for a log: printable, bounded, without a whole device token
   * @param retryAfter seconds after which to try again; 0 to say nothing about it
   */
  ApiResponse refused(int status, String description, int retryAfter);
}
