// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * A push as bytes, for whoever keeps it or sends it to another server: the one form of it, which
 * servers of other versions read, too.
 *
 * <p>Any thread. Imports {@code push}, {@code queue} and {@code compact}.
 */
package org.pushserver.wire;
