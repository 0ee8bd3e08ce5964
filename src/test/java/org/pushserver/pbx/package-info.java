// SPDX-License-Identifier: GPL-3.0-or-later
/** PBXs: the files of {@code conf/pbx}, tried with the programs that they are for. */
package org.pushserver.pbx;
