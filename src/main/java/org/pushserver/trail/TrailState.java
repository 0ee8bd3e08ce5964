// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.trail;

/**
 * How it stands with the trail.
 *
 * @param problem why nothing can be written at the moment, in an operator's words; empty when all
 *     is well
 * @param files how many files there are
 * @param bytes how long they are together, in bytes
 * @param oldest when the oldest was begun, milliseconds since the epoch; 0 without files
 * @param damaged how many files were set aside because they are damaged
 * @param waiting about how many bytes wait to be written
 * @param lagMs how long ago all that had ended was written, in milliseconds
 */
public record TrailState(
    String problem, int files, long bytes, long oldest, int damaged, long waiting, long lagMs) {}
