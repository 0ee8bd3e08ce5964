// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.queue;

import java.util.List;

/**
 * The answer of {@link Calls} to the question what is to be done with a push that has just come.
 * Most pushes know no other, and get one that is made already.
 */
sealed interface Decision {
  /** It is to be sent, and concerns no other. */
  Decision SEND = new Send(List.of());

  /** It need not be sent, and concerns no other. */
  Decision OVER = new Over(List.of());

  /** The rings that wait and are not to be sent any more: to be ended at once, as cancelled. */
  List<Waiting> withdrawn();

  /** It is to be sent. */
  record Send(List<Waiting> withdrawn) implements Decision {}

  /**
   * It says what another one says, and shares the end of that.
   *
   * @param same the other one
   */
  record Join(Waiting same, List<Waiting> withdrawn) implements Decision {}

  /**
   * It is a cancel that has to wait until its rings have been answered.
   *
   * @param rings those that are with the push service
   */
  record Hold(List<Waiting> rings, List<Waiting> withdrawn) implements Decision {}

  /**
   * It need not be sent: a ring that its cancel has overtaken, or a cancel all of whose rings are
   * hereby withdrawn.
   */
  record Over(List<Waiting> withdrawn) implements Decision {}
}
