// SPDX-License-Identifier: GPL-3.0-or-later
/** The server within another program, as that program sees it. */
package org.pushserver.embedded;
