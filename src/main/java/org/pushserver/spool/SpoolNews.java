// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

/**
 * Is told what an operator should know of a spool, in words for him. On the thread that opens the
 * spool, or on its writer's; must not block.
 */
public interface SpoolNews {
  /**
   * Something in it was not as it was written.
   *
   * @param words what, in which file and where, and what that means
   */
  void damaged(String words);

  /**
   * Nothing can be kept any more. Said once, until it works again.
   *
   * @param problem why, and what to do
   */
  void failing(String problem);

  /** It works again. */
  void working();
}
