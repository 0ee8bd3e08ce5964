// SPDX-License-Identifier: GPL-3.0-or-later
package org.pushserver.cluster;

/**
 * One server of the cluster, as its operator sees it on any of them. Immutable.
 *
 * @param node which
 * @param isSelf whether it is the one that tells
 * @param answers whether it has said how it is within the last seconds; what follows is old if not,
 *     and 0 when it never has
 * @param since when it was started, milliseconds since the epoch
 * @param isStopping whether it takes no more pushes
 * @param up applications that can send there by their own connections
 * @param applications how many there are
 * @param waiting pushes that have not ended there
 * @param silentMs for how long nothing was heard of it, milliseconds
 */
public record NodeReport(
    Node node,
    boolean isSelf,
    boolean answers,
    long since,
    boolean isStopping,
    int up,
    int applications,
    long waiting,
    long silentMs) {}
