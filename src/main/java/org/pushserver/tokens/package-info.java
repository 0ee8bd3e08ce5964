// SPDX-License-Identifier: GPL-3.0-or-later
/**
 * Stored tokens: the devices of an account, which register once, so that a push can be asked for by
 * the account alone.
 *
 * <p>{@link org.pushserver.tokens.StoredToken} is what is kept, {@link
 * org.pushserver.tokens.TokenStore} where. {@link org.pushserver.tokens.DeadTokenRemoval} and
 * {@link org.pushserver.tokens.UnseenTokens} keep the store true. {@link
 * org.pushserver.tokens.StoredTokens} is the store in a file: {@code SqliteTokenStore} once it is
 * open, with {@code ChangeWriter} as the thread that changes it, {@code TokenDatabase} and {@code
 * StoredRows} as what is said to SQLite, and {@code TokenCache} before them. Imports {@code push},
 * {@code spi}, {@code events} and {@code sqlite}.
 */
package org.pushserver.tokens;
