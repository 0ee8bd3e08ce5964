// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Why a push ended as it did, in one sentence of an operator's words, and what to do next.
 *
 * <p>{@link org.pushserver.cause.Causes} asks the table {@code causes.json}, which is also what
 * troubleshooting.md shows. Pure; any thread. Imports {@code push} and {@code trail}.
 */
package org.pushserver.cause;
