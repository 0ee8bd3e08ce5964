// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dispatch;

import java.util.Arrays;
import org.pushserver.push.Outcome;
import org.pushserver.push.Push;

/** Several witnesses, told one after the other. */
final class Witnesses implements Witness {
  private final Witness[] all;

  Witnesses(Witness... all) {
    this.all = all.clone();
  }

  @Override
  public Witness of(Application application) {
    return new Witnesses(
        Arrays.stream(all).map(one -> one.of(application)).toArray(Witness[]::new));
  }

  @Override
  public void accepted(Push push) {
    for (Witness one : all) {
      one.accepted(push);
    }
  }

  @Override
  public void joined(Push push) {
    for (Witness one : all) {
      one.joined(push);
    }
  }

  @Override
  public void attempted(Push push, Attempt attempt) {
    for (Witness one : all) {
      one.attempted(push, attempt);
    }
  }

  @Override
  public void late(Push push, Attempt attempt) {
    for (Witness one : all) {
      one.late(push, attempt);
    }
  }

  @Override
  public void ended(Push push, Outcome outcome, long now) {
    for (Witness one : all) {
      one.ended(push, outcome, now);
    }
  }
}
