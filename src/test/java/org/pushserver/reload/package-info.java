// SPDX-License-Identifier: GPL-3.0-or-later
/** What becomes of a running server when its configuration changes, in the JVM of the tests. */
package org.pushserver.reload;
