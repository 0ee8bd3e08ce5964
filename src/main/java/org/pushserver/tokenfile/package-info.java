// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Files of stored tokens: what another system has left is read into a store, and a store is written
 * to a file.
 *
 * <p>{@link org.pushserver.tokenfile.TokenFile} knows the formats, {@link
 * org.pushserver.tokenfile.TokenImport} does the work. All of it reads and writes row by row, so
 * that memory does not grow with the file. For the thread of a command, which may wait; loaded only
 * there. Imports {@code push}, {@code contact} and {@code tokens}.
 */
package org.pushserver.tokenfile;
