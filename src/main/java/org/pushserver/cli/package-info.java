// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * What all commands share: which version this is, how it was called, and what is said after a
 * mistake on the command line.
 *
 * <p>The main thread. Imports nothing of ours.
 */
package org.pushserver.cli;
