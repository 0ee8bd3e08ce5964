// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Stored tokens: the devices of an account, which register once, so that a push can be asked for by
 * the account alone.
 *
 * <p>{@link org.pushserver.tokens.StoredToken} is what is kept, {@link
 * org.pushserver.tokens.TokenStore} where. {@link org.pushserver.tokens.DeadTokenRemoval} and
 * {@link org.pushserver.tokens.UnseenTokens} keep the store true. Imports {@code push}, {@code spi}
 * and {@code events}.
 */
package org.pushserver.tokens;
