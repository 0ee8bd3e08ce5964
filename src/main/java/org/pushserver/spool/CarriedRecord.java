// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.spool;

/**
 * A record that was copied from an old segment to the newest.
 *
 * @param slot where {@link LiveRecords} has it
 * @param segment where it was
 * @param offset where in that it began
 * @param newSegment where it is
 * @param newOffset where in that it begins
 */
record CarriedRecord(int slot, int segment, int offset, int newSegment, int newOffset) {}
