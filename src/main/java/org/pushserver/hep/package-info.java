// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Tells Homer of pushes: a datagram of HEP3 for each attempt and each end, so that they stand
 * beside the SIP of their call.
 *
 * <p>{@link org.pushserver.hep.Homer} listens on the event loops of the applications and hands over
 * to a thread of its own, which looks names up and sends. Nothing here makes a push wait. Imports
 * {@code push}, {@code spi}, {@code config}, {@code events}, {@code audit} and {@code log}.
 */
package org.pushserver.hep;
