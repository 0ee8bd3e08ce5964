// SPDX-License-Identifier: GPL-3.0-or-later
/** What an existing installation was asked, answered and sent, replayed against ours. */
package org.pushserver.golden;
