// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * The benchmark that {@code bin/bench} runs: this server as it is shipped, beside the least that a
 * program of its shape can do, on one machine in one go.
 *
 * <p>Nothing here is part of the product, and no test but those of its parsers runs it. Everything
 * is on loopback, bounded in count and time, and ends by itself. One thread, unless a class says
 * so.
 */
package org.pushserver.bench;
