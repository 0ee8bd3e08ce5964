// SPDX-License-Identifier: GPL-3.0-or-later
/** Stand-ins for what tests cannot have: time that passes on command, certificates, peers. */
package org.pushserver.fake;
