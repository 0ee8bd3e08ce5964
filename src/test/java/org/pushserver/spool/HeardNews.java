// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps what it is told. */
final class HeardNews implements SpoolNews {
  final List<String> damage = new CopyOnWriteArrayList<>();
  final List<String> troubles = new CopyOnWriteArrayList<>();

  @Override
  public void damaged(String words) {
    damage.add(words);
  }

  @Override
  public void failing(String problem) {
    troubles.add(problem);
  }

  @Override
  public void working() {
    troubles.add("working");
  }
}
