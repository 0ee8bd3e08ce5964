// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Keys and certificates as operators have them, in PEM files: read, checked, made ready for TLS.
 *
 * <p>Files are read on worker threads; values are immutable. Imports nothing of ours.
 */
package org.pushserver.pem;
