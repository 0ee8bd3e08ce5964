// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.bench;

/**
 * What a generator did.
 *
 * @param requests that were answered well; no other kind was
 * @param nanos it took
 */
record Load(long requests, long nanos) {}
