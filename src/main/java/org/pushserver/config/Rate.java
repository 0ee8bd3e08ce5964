// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.config;

/**
 * How often one client may ask, on average and at once.
 *
 * @param perSecond requests per second, 1 to 1 000 000; 0 for as often as it likes
 * @param burst requests that may come together after a pause, 1 to 1 000 000
 */
public record Rate(int perSecond, int burst) {
  /** As often as it likes. */
  public static final Rate UNLIMITED = new Rate(0, 1);

  static final int MOST = 1_000_000;

  public Rate {
    if (perSecond < 0 || perSecond > MOST || burst < 1 || burst > MOST) {
      throw new IllegalArgumentException("rate: " + perSecond + ", burst: " + burst);
    }
  }

  /** Whether there is no limit. */
  public boolean isUnlimited() {
    return perSecond == 0;
  }
}
