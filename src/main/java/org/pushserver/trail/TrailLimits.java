// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

import java.nio.file.Path;
import java.util.Objects;

/**
 * What an operator can say of the trail.
 *
 * @param folder where its files are
 * @param days how long they are kept
 * @param maxSize how many bytes they may have together
 * @param sample of so many delivered pushes one is kept; 1 keeps all
 */
public record TrailLimits(Path folder, int days, long maxSize, int sample) {
  public TrailLimits {
    Objects.requireNonNull(folder, "folder");
    if (days < 1 || maxSize < 1 || sample < 1) {
      throw new IllegalArgumentException("days, maxSize and sample are 1 or more");
    }
  }
}
