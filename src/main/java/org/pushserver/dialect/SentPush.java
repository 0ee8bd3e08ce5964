// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.dialect;

/**
 * A push of a foreign request, and what became of it.
 *
 * @param push as it was asked for
 */
record SentPush(ForeignPush push, ForeignEnd end) {}
