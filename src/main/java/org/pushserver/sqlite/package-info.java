// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What all who keep something in files of SQLite have in common: {@link
 * org.pushserver.sqlite.NativeCode} loads it, {@link org.pushserver.sqlite.SqliteFault} is what
 * went wrong. Imports nothing of ours.
 */
package org.pushserver.sqlite;
