// SPDX-License-Identifier: GPL-3.0-or-later
/** What is published: that it is whole, runs elsewhere, and says which version it is. */
package org.pushserver.release;
