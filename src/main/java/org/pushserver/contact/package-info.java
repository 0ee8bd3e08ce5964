// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What a phone says of pushes when it registers with SIP: the push parameters of a Contact (RFC
 * 8599, and what apps wrote before there was one), and how they spell the name of an application.
 *
 * <p>Pure: any thread, nothing is opened. Imports {@code push}.
 */
package org.pushserver.contact;
