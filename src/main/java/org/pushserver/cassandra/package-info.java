// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Stored tokens in Cassandra, in the two tables that an installation of Sylk Pushserver has: it,
 * and OpenSIPS, may use them at the same time. Loaded when a cluster is configured.
 *
 * <p>{@link org.pushserver.cassandra.CassandraTokenStore} is the store, {@code CassandraLink} the
 * way to the cluster, which comes back by itself, {@code TokenTables} what is said on it. The
 * driver has two threads of its own; nobody waits for them. Imports {@code push}, {@code spi},
 * {@code config} and {@code tokens}.
 */
package org.pushserver.cassandra;
