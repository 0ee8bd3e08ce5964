// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.hep;

import java.time.Instant;
import org.pushserver.log.LogLine;

/**
 * What is to be told, on its way to the thread that tells it. Immutable.
 *
 * @param at when it happened
 * @param callId of the push
 * @param line what is shown, the same as in the log
 * @param url of the push service; empty when it was not asked
 * @param comesBack whether it says what came of it, and not what was asked
 */
record HepEvent(Instant at, String callId, LogLine line, String url, boolean comesBack) {}
